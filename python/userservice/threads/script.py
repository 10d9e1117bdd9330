"""A client's script, carried out step by step in a thread of its own. In: a call. Out: its witness, filled in.

It has no opinion: whatever the library says or throws is noted.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import grpc

from userservice.contract import messages, metadata, status
from userservice.contract.lines import Writer
from userservice.contract.methods import streams_requests, streams_responses
from userservice.contract.requests import Call
from userservice.contract.signals import Marks
from userservice.contract.steps import Step
from userservice.contract.witness import Witness
from userservice.threads.channels import FRESH, Channel, Channels
from userservice.threads.feed import Feed
from userservice.threads.waiting import wait_for


class Script:
    """One call. ``_rpc`` is the library's object for it, None before it has begun."""

    def __init__(self, witness: Witness, channels: Channels, marks: Marks, writer: Writer) -> None:
        self._witness, self._channels, self._marks, self._writer = witness, channels, marks, writer
        self._feed = Feed()
        self._ended = False
        self._channel: Channel | None = None
        self._rpc: Any = None

    @property
    def _call(self) -> Call:
        return self._witness.call

    def run(self) -> None:
        try:
            self._channel = self._channels.get(self._call)
            self._run(self._channel)
        except Exception as error:  # noqa: BLE001  (whatever the library throws is what is to be reported)
            self._witness.raises(error)
        finally:
            self._feed.close()

    def tidy(self) -> None:
        """After the answer: closes a channel that nobody else has."""
        if self._channel is not None and self._call.channel == FRESH:
            self._channel.close()

    def cancel(self) -> None:
        if self._rpc is not None:
            self._rpc.cancel()

    def _run(self, channel: Channel) -> None:
        self._multicallable = channel.callable(self._call)
        if streams_requests(self._call.mode):
            self._begin(iter(self._feed))
        for step in self._call.steps:
            self._witness.in_step = True
            done = _DO[step.do](self, step)
            self._witness.step(done)
            if self._witness.gave_up:
                break
        if self._rpc is not None:
            self.receive_all(None)
            self._note_end()

    def _begin(self, argument: Any) -> None:
        """Starts the call; ``argument`` is the request or the iterator of requests."""
        call = self._call
        start = self._multicallable if streams_responses(call.mode) else self._multicallable.future
        self._witness.begin()
        try:
            self._rpc = start(argument, timeout=call.deadline_s, metadata=call.metadata)
        except grpc.RpcError as error:  # the library would not start it, and says so by a status
            self._rpc, self._ended = error, True
        self._rpc.add_done_callback(lambda _: self._over())
        if self._witness.gave_up:
            self.cancel()

    def _over(self) -> None:
        self._witness.over.fire()
        self._feed.close()

    def send(self, step: Step) -> bool:
        if not streams_requests(self._call.mode):
            self._begin(next(iter(step.batch)))
            return True
        if self._witness.over.fired:
            return False
        taken = self._feed.put(step.batch)
        wait_for(None, taken, self._witness.over)
        return taken.fired

    def receive(self, step: Step) -> bool:
        return all(self._read() for _ in range(step.count))

    def receive_all(self, _: Step | None) -> bool:
        while self._read():
            pass
        return True

    def _read(self) -> bool:
        """Notes the next message; False where there is none any more."""
        if self._ended:
            return False
        many = streams_responses(self._call.mode)
        try:
            message = next(self._rpc) if many else self._rpc.result()
        except (StopIteration, grpc.RpcError, grpc.FutureCancelledError):
            message = None
        self._ended = message is None or not many
        if message is not None:
            self._witness.messages.append(messages.to_json(message))
        return message is not None

    def _note_end(self) -> None:
        """``debug_error_string()`` is not asked for: it can block for ever after a local cancel."""
        rpc, witness = self._rpc, self._witness
        code, trailers = rpc.code(), rpc.trailing_metadata()
        initial = rpc.initial_metadata()
        witness.status = status.to_json(code.name, rpc.details(), trailers)
        witness.initial_metadata = None if initial is None else metadata.to_json(initial)
        witness.trailing_metadata = None if trailers is None else metadata.to_json(trailers)

    def half_close(self, _: Step) -> bool:
        self._feed.close()
        return True

    def cancel_call(self, _: Step) -> bool:
        self.cancel()
        return True

    def close_channel(self, _: Step) -> bool:
        if self._channel is not None:
            self._channel.close()
        return True

    def wait(self, step: Step) -> bool:
        wait_for(step.ms / 1000, self._witness.over)
        return not self._witness.over.fired

    def mark(self, step: Step) -> bool:
        self._writer.write("mark", call_id=self._call.call_id, mark=step.mark)
        return True

    def await_(self, step: Step) -> bool:
        released = self._marks.signal(self._call.call_id, step.mark)
        wait_for(None, released, self._witness.over)
        return released.fired


_DO: dict[str, Callable[[Script, Step], bool]] = {
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
