"""A plan, carried out in a handler's place. In: the plan's steps. Out: the response, where the call has just one.

Exceptions go through; the outcome of each step is noted in the attempt, also of the one that an exception ends.
When the call is over the library cancels the task: that ends the step underway as ``over``, and the plan with it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

import grpc

from userservice.aio.responses import write_all
from userservice.aio.waiting import wait_for
from userservice.contract.lines import Writer
from userservice.contract.methods import streams_requests, streams_responses
from userservice.contract.signals import Marks
from userservice.contract.steps import LAST_STEPS, Step
from userservice.contract.views import Attempt

Context = grpc.aio.ServicerContext[Any, Any]


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

    def __init__(self, attempt: Attempt, argument: Any, context: Context, scene: Scene) -> None:
        self._attempt, self._argument, self._context = attempt, argument, context
        self._marks, self._writer, self._behaviour = scene.marks, scene.writer, scene.behaviour
        self._mode = attempt.method.mode
        self._requests: AsyncIterator[Any] = argument if streams_requests(self._mode) else _only(argument)
        self._response: Any = None if streams_responses(self._mode) else attempt.method.response()

    async def response(self, steps: Iterable[Step]) -> Any:
        """The one response; None where responses are streamed, which go to the context as they come."""
        for step in steps:
            if step.do in LAST_STEPS:  # done by being begun: how the code leaves from here is the attempt's `left`
                self._attempt.steps.append("ok")
                return await self._leave(step)
            done = False
            try:
                done = await _DO[step.do](self, step)
            finally:
                self._attempt.steps.append("ok" if done else "over")
        return self._response

    async def _leave(self, step: Step) -> Any:
        if step.do == "serve":
            return await self._serve(step)
        if step.do == "raise":
            raise PlannedException(step.text)
        if step.do == "return_nothing":
            return None
        await self._finish(step)
        return self._response

    async def send(self, step: Step) -> bool:
        try:
            for message in step.batch:
                if streams_responses(self._mode):
                    self._attempt.sent += 1
                    await self._context.write(message)
                else:
                    self._response = message
        except grpc.aio.InternalError:
            return False
        return True

    async def _serve(self, step: Step) -> Any:
        marks = step.marks
        if not streams_requests(self._mode):
            self._handed(1, marks)
        argument = self._marked(marks) if streams_requests(self._mode) else self._argument
        answer = self._behaviour(argument, self._context)
        return await (write_all(answer, self._context, self._attempt) if streams_responses(self._mode) else answer)

    async def _marked(self, marks: dict[str, str]) -> AsyncIterator[Any]:
        count = 0
        async for request in self._requests:
            count += 1
            self._handed(count, marks)
            yield request

    def _handed(self, count: int, marks: dict[str, str]) -> None:
        mark = marks.get(str(count))
        if mark is not None:
            self._writer.write("mark", call_id=self._attempt.call_id, mark=mark)

    async def headers(self, step: Step) -> bool:
        try:
            await self._context.send_initial_metadata(step.metadata)
        except grpc.aio.InternalError:
            return False
        return True

    async def receive(self, step: Step) -> bool:
        try:
            for _ in range(step.count):
                await anext(self._requests)
        except StopAsyncIteration:
            return False
        return True

    async def receive_all(self, _: Step) -> bool:
        async for _request in self._requests:
            pass
        return self._attempt.ask_context() == "active"

    async def _finish(self, step: Step) -> None:
        status = step.status
        self._context.set_trailing_metadata((*step.metadata, *status.trailers()))
        if status.code != "OK":
            await self._context.abort(grpc.StatusCode[status.code], status.message)
        self._context.set_details(status.message)

    async def wait(self, step: Step) -> bool:
        await wait_for(step.ms / 1000)
        return True

    async def mark(self, step: Step) -> bool:
        self._writer.write("mark", call_id=self._attempt.call_id, mark=step.mark)
        return True

    async def await_(self, step: Step) -> bool:
        await wait_for(None, self._marks.signal(self._attempt.call_id, step.mark))
        return True


async def _only(request: Any) -> AsyncIterator[Any]:
    yield request


_DO: dict[str, Callable[[PlanRun, Step], Awaitable[bool]]] = {
    "headers": PlanRun.headers,
    "send": PlanRun.send,
    "receive": PlanRun.receive,
    "receive_all": PlanRun.receive_all,
    "wait": PlanRun.wait,
    "mark": PlanRun.mark,
    "await": PlanRun.await_,
}
