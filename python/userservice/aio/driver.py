"""The client driver of the contract: calls in, observations out, a task a call."""

from __future__ import annotations

import asyncio

from userservice.aio import session
from userservice.aio.channels import Channels
from userservice.aio.script import Script
from userservice.aio.tasks import Tasks
from userservice.command import Arguments
from userservice.contract import log, requests
from userservice.contract.lines import Writer
from userservice.contract.requests import Call, Release, Request
from userservice.contract.signals import Marks
from userservice.contract.witness import ANSWER_GRACE_S, Witness


def main(_: Arguments) -> None:
    session.run("client", requests.CLIENT, Driver)


class Driver:
    """Answers requests; ``handle`` never waits."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._channels, self._marks, self._tasks = Channels(), Marks(), Tasks()

    def handle(self, request: Request) -> None:
        match request:
            case Call():
                self._tasks.start(self._run(request))
            case Release():
                self._marks.signal(request.call_id, request.mark).fire()

    async def close(self) -> None:
        """Nothing to end: calls go down with the process."""

    async def _run(self, call: Call) -> None:
        log.CALL.set(call.call_id)
        witness = Witness(call)
        script = Script(witness, self._channels, self._marks, self._writer)
        loop = asyncio.get_running_loop()
        alarm = loop.call_later(call.give_up_after_s, lambda: self._give_up(script, witness))
        await script.run()
        alarm.cancel()
        self._answer(witness)
        await script.tidy()

    def _give_up(self, script: Script, witness: Witness) -> None:
        witness.give_up()
        script.cancel()
        asyncio.get_running_loop().call_later(ANSWER_GRACE_S, lambda: self._answer(witness))

    def _answer(self, witness: Witness) -> None:
        """Once: by the script, or in its place when the library does not end a call that was given up."""
        if witness.claim():
            witness.answer(self._writer)
            self._marks.forget(witness.call.call_id)
