"""The request iterator of a streaming call: the script puts batches in, the library takes messages out in a thread of its own."""

from __future__ import annotations

from collections.abc import Iterator
from queue import SimpleQueue

from userservice.contract.messages import Batch, Payload
from userservice.contract.signals import Signal


class Feed:
    """An iterator over all that is put in; it ends at ``close``, which has to come, or the library's thread waits for ever."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[tuple[Batch, Signal] | None] = SimpleQueue()

    def put(self, batch: Batch) -> Signal:
        """Fires once the library has taken the last message of the batch."""
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
