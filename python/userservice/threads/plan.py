"""A plan, carried out in a handler's place. In: the plan's steps. Out: a generator of responses, as a handler's own.

Exceptions go through; the outcome of each step is noted in the attempt, also of the one that an exception ends.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import grpc

from userservice.contract.lines import Writer
from userservice.contract.methods import streams_requests, streams_responses
from userservice.contract.signals import Marks, Signal
from userservice.contract.steps import LAST_STEPS, Step
from userservice.contract.views import Attempt
from userservice.threads.waiting import wait_for


class PlannedException(Exception):
    """What the step ``raise`` raises: no exception that the library knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Where a plan runs. ``behaviour`` is the service's own code, for the step ``serve``."""

    behaviour: Callable[[Any, Any], Any]
    marks: Marks
    writer: Writer


class PlanRun:
    """One plan in one attempt. ``argument`` is what a handler gets: the request, or an iterator of requests."""

    def __init__(self, attempt: Attempt, argument: Any, context: grpc.ServicerContext, scene: Scene) -> None:
        self._attempt, self._argument, self._context = attempt, argument, context
        self._marks, self._writer, self._behaviour = scene.marks, scene.writer, scene.behaviour
        many = streams_requests(attempt.method.mode)
        self._requests: Iterator[Any] = argument if many else iter((argument,))
        self._over = Signal()
        if not context.add_callback(self._over.fire):
            self._over.fire()

    def responses(self, steps: Iterable[Step]) -> Iterator[Any]:
        """Yields what goes to the library."""
        for step in steps:
            if step.do in LAST_STEPS:  # done by being begun: how the code leaves from here is the attempt's `left`
                self._attempt.steps.append("ok")
                yield from self._leave(step)
                return
            outcome = "over"
            try:
                outcome = yield from self._do(step)
            finally:
                self._attempt.steps.append(outcome)

    def _do(self, step: Step) -> Generator[Any, None, str]:
        if step.do == "send":
            return (yield from self.send(step))
        return "ok" if _DO[step.do](self, step) else "over"

    def _leave(self, step: Step) -> Iterator[Any]:
        if step.do == "serve":
            yield from self._serve(step)
        elif step.do == "finish":
            self._finish(step)
        elif step.do == "raise":
            raise PlannedException(step.text)
        else:
            yield None

    def send(self, step: Step) -> Generator[Any, None, str]:
        for message in step.batch:
            if not self._context.is_active():
                return "over"
            yield message
        return "ok"

    def _serve(self, step: Step) -> Iterator[Any]:
        mode, argument = self._attempt.method.mode, self._argument
        if streams_requests(mode):
            argument = _Counted(self._requests, lambda count: self._handed(count, step.marks))
        else:
            self._handed(1, step.marks)
        answer = self._behaviour(argument, self._context)
        yield from answer if streams_responses(mode) else (answer,)

    def _handed(self, count: int, marks: dict[str, str]) -> None:
        mark = marks.get(str(count))
        if mark is not None:
            self._writer.write("mark", call_id=self._attempt.call_id, mark=mark)

    def headers(self, step: Step) -> bool:
        try:
            self._context.send_initial_metadata(step.metadata)
        except grpc.RpcError:
            return False
        return True

    def receive(self, step: Step) -> bool:
        try:
            for _ in range(step.count):
                next(self._requests)
        except (StopIteration, grpc.RpcError):
            return False
        return True

    def receive_all(self, _: Step) -> bool:
        try:
            for _request in self._requests:
                pass
        except grpc.RpcError:
            return False
        return self._context.is_active()

    def _finish(self, step: Step) -> None:
        status = step.status
        self._context.set_trailing_metadata((*step.metadata, *status.trailers()))
        if status.code != "OK":
            self._context.abort(grpc.StatusCode[status.code], status.message)
        self._context.set_details(status.message)

    def wait(self, step: Step) -> bool:
        wait_for(step.ms / 1000, self._over)
        return not self._over.fired

    def mark(self, step: Step) -> bool:
        self._writer.write("mark", call_id=self._attempt.call_id, mark=step.mark)
        return True

    def await_(self, step: Step) -> bool:
        released = self._marks.signal(self._attempt.call_id, step.mark)
        wait_for(None, released, self._over)
        return released.fired


class _Counted:
    """The rest of the requests, counted as they are handed over. Asks the library every time, also after the end."""

    def __init__(self, requests: Iterator[Any], handed: Callable[[int], None]) -> None:
        self._requests, self._handed, self._count = requests, handed, 0

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        request = next(self._requests)
        self._count += 1
        self._handed(self._count)
        return request


_DO: dict[str, Callable[[PlanRun, Step], bool]] = {
    "headers": PlanRun.headers,
    "receive": PlanRun.receive,
    "receive_all": PlanRun.receive_all,
    "wait": PlanRun.wait,
    "mark": PlanRun.mark,
    "await": PlanRun.await_,
}
