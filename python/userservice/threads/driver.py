"""The client driver of the contract: calls in, observations out, a thread a call."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from userservice.command import Arguments
from userservice.contract import log, requests
from userservice.contract.lines import Writer
from userservice.contract.requests import Call, Release, Request
from userservice.contract.signals import Marks
from userservice.contract.witness import ANSWER_GRACE_S, Witness
from userservice.threads import session
from userservice.threads.channels import Channels
from userservice.threads.script import Script
from userservice.threads.watchdog import Watchdog

# Calls in flight beside each other; threads are made when first needed.
CALLS = 1024


def main(_: Arguments) -> None:
    session.run("client", requests.CLIENT, Driver)


class Driver:
    """Answers requests; ``handle`` never waits."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._channels, self._marks, self._watchdog = Channels(), Marks(), Watchdog()
        self._pool = ThreadPoolExecutor(CALLS, thread_name_prefix="call")

    def handle(self, request: Request) -> None:
        match request:
            case Call():
                self._pool.submit(self._run, request)
            case Release():
                self._marks.signal(request.call_id, request.mark).fire()

    def close(self) -> None:
        """Nothing to end: calls go down with the process."""

    def _run(self, call: Call) -> None:
        log.CALL.set(call.call_id)
        witness = Witness(call)
        script = Script(witness, self._channels, self._marks, self._writer)
        alarm = self._watchdog.after(call.give_up_after_s, lambda: self._give_up(script, witness))
        script.run()
        alarm.cancel()
        self._answer(witness)
        script.tidy()

    def _give_up(self, script: Script, witness: Witness) -> None:
        witness.give_up()
        threading.Thread(target=script.cancel, daemon=True).start()
        self._watchdog.after(ANSWER_GRACE_S, lambda: self._answer(witness))

    def _answer(self, witness: Witness) -> None:
        """Once: by the script, or in its place when the library does not end a call that was given up."""
        if witness.claim():
            witness.answer(self._writer)
            self._marks.forget(witness.call.call_id)
