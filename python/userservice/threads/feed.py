"""The request iterator of a streaming call: the script puts batches in, the library's thread takes messages out."""

from __future__ import annotations

from collections.abc import Iterator
from queue import SimpleQueue

from userservice.contract.messages import Batch, Payload
from userservice.contract.signals import Signal


class Feed:
    """Iterates over all that is put in, up to ``close``: without it the library's thread would wait for ever."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[tuple[Batch, Signal] | None] = SimpleQueue()

    def put(self, batch: Batch) -> Signal:
        """Fires once the library has taken the last message of the batch.

        Not once it asks for the next: it never does where the server answered by ending the call, and whether a send
        was done must not depend on which came first.
        """
        taken = Signal()
        self._queue.put((batch, taken))
        return taken

    def close(self) -> None:
        self._queue.put(None)

    def __iter__(self) -> Iterator[Payload]:
        while (item := self._queue.get()) is not None:
            batch, taken = item
            for number, message in enumerate(batch, 1):
                if number == batch.count:
                    taken.fire()
                yield message
            taken.fire()
