"""A client's script, carried out step by step in a task of its own. In: a call. Out: its witness, filled in.

It has no opinion: whatever the library says or throws is noted.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import grpc

from userservice.aio.channels import FRESH, Channel, Channels
from userservice.aio.waiting import wait_for
from userservice.contract import messages, metadata, status
from userservice.contract.lines import Writer
from userservice.contract.methods import streams_requests, streams_responses
from userservice.contract.requests import Call
from userservice.contract.signals import Marks
from userservice.contract.steps import Step
from userservice.contract.witness import Witness

# What the library throws out of a read or a write when the call is over; its status is asked for afterwards.
# A failed batch is an InternalError and no RpcError; a local cancel is a CancelledError.
_OVER = (grpc.RpcError, grpc.aio.InternalError, asyncio.CancelledError, asyncio.InvalidStateError)


class Script:
    """One call. ``_rpc`` is the library's object for it, None before it has begun."""

    def __init__(self, witness: Witness, channels: Channels, marks: Marks, writer: Writer) -> None:
        self._witness, self._channels, self._marks, self._writer = witness, channels, marks, writer
        self._ended = False
        self._channel: Channel | None = None
        self._rpc: Any = None

    @property
    def _call(self) -> Call:
        return self._witness.call

    async def run(self) -> None:
        try:
            self._channel = self._channels.get(self._call)
            await self._run(self._channel)
        except Exception as error:  # noqa: BLE001  (whatever the library throws is what is to be reported)
            self._witness.raises(error)

    async def tidy(self) -> None:
        """After the answer: closes a channel that nobody else has."""
        if self._channel is not None and self._call.channel == FRESH:
            await self._channel.close()

    def cancel(self) -> None:
        if self._rpc is not None:
            self._rpc.cancel()

    async def _run(self, channel: Channel) -> None:
        self._multicallable = channel.callable(self._call)
        if streams_requests(self._call.mode):
            self._begin()
        for step in self._call.steps:
            self._witness.in_step = True
            done = await _DO[step.do](self, step)
            self._witness.step(done)
            if self._witness.gave_up:
                break
        if self._rpc is not None:
            await self.receive_all(None)
            await self._note_end()

    def _begin(self, *request: Any) -> None:
        """Starts the call, with its one request or with none yet."""
        call = self._call
        self._witness.begin()
        self._rpc = self._multicallable(*request, timeout=call.deadline_s, metadata=call.metadata)
        self._rpc.add_done_callback(lambda _: self._witness.over.fire())

    async def send(self, step: Step) -> bool:
        if not streams_requests(self._call.mode):
            self._begin(next(iter(step.batch)))
            return True
        try:
            for message in step.batch:
                if self._rpc.done():
                    return False
                await self._rpc.write(message)
        except _OVER:
            return False
        return True

    async def receive(self, step: Step) -> bool:
        for _ in range(step.count):
            if not await self._read():
                return False
        return True

    async def receive_all(self, _: Step | None) -> bool:
        while await self._read():
            pass
        return True

    async def _read(self) -> bool:
        """Notes the next message; False where there is none any more."""
        if self._ended:
            return False
        many = streams_responses(self._call.mode)
        message = await self._next(many)
        while message is None and many:  # a message came that could not be decoded; there may be more
            message = await self._next(many)
        self._ended = message is grpc.aio.EOF or not many
        if message is None or message is grpc.aio.EOF:
            return False
        self._witness.messages.append(messages.to_json(message))
        return True

    async def _next(self, many: bool) -> Any:
        try:
            return await (self._rpc.read() if many else self._rpc)
        except _OVER:
            return grpc.aio.EOF

    async def _note_end(self) -> None:
        rpc, witness = self._rpc, self._witness
        code, trailers = await rpc.code(), await rpc.trailing_metadata()
        initial = await rpc.initial_metadata()
        witness.status = status.to_json(code.name, await rpc.details(), trailers)
        witness.initial_metadata = None if initial is None else metadata.to_json(initial)
        witness.trailing_metadata = None if trailers is None else metadata.to_json(trailers)

    async def half_close(self, _: Step) -> bool:
        if streams_requests(self._call.mode):
            try:
                await self._rpc.done_writing()
            except _OVER:
                return False
        return True

    async def cancel_call(self, _: Step) -> bool:
        self.cancel()
        return True

    async def close_channel(self, _: Step) -> bool:
        if self._channel is not None:
            await self._channel.close()
        return True

    async def wait(self, step: Step) -> bool:
        await wait_for(step.ms / 1000, self._witness.over)
        return not self._witness.over.fired

    async def mark(self, step: Step) -> bool:
        self._writer.write("mark", call_id=self._call.call_id, mark=step.mark)
        return True

    async def await_(self, step: Step) -> bool:
        released = self._marks.signal(self._call.call_id, step.mark)
        await wait_for(None, released, self._witness.over)
        return released.fired


_DO: dict[str, Callable[[Script, Step], Awaitable[bool]]] = {
    "send": Script.send,
    "receive": Script.receive,
    "receive_all": Script.receive_all,
    "half_close": Script.half_close,
    "cancel": Script.cancel_call,
    "close_channel": Script.close_channel,
    "wait": Script.wait,
    "mark": Script.mark,
    "await": Script.await_,
}
