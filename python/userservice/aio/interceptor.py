"""The interceptor around the handlers: joins a call with its plan, and notes what the handler saw.

A call without the harness's key in its metadata goes by untouched.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import grpc

from userservice.aio.plan import Context, PlanRun, Scene
from userservice.aio.responses import write_all
from userservice.contract import log, status
from userservice.contract.lines import Writer
from userservice.contract.metadata import call_id_of, to_json
from userservice.contract.methods import Method, arity, streams_requests, streams_responses
from userservice.contract.requests import Methods
from userservice.contract.signals import Marks
from userservice.contract.views import Attempt, Views, peer_address


class Interceptor(grpc.aio.ServerInterceptor):
    def __init__(self, views: Views, marks: Marks, writer: Writer, methods: Methods) -> None:
        self._views, self._marks, self._writer, self._methods = views, marks, writer, methods

    async def intercept_service(self, continuation: Any, handler_call_details: Any) -> Any:
        handler = await continuation(handler_call_details)
        call_id = call_id_of(handler_call_details.invocation_metadata)
        method = self._methods.get(handler_call_details.method)
        if handler is None or call_id is None or method is None:
            return handler
        kind = arity(method.mode)
        scene = Scene(behaviour=getattr(handler, kind), marks=self._marks, writer=self._writer)
        return getattr(grpc, f"{kind}_rpc_method_handler")(
            _Watched(self._views, scene, call_id, method).handle,
            request_deserializer=handler.request_deserializer,
            response_serializer=handler.response_serializer,
        )


class _Watched:
    """One attempt's handler, in the place of the service's own: it, or else the call's plan, under observation."""

    def __init__(self, views: Views, scene: Scene, call_id: str, method: Method) -> None:
        self._views, self._scene, self._call_id, self._method = views, scene, call_id, method

    async def handle(self, argument: Any, context: Context) -> Any:
        """Gives the response, where there is just one; writes the responses where they are a stream."""
        attempt, argument = self._begin(argument, context)
        error: BaseException | None = None
        try:
            return await self._respond(attempt, argument, context)
        except BaseException as left_by:
            error = left_by
            raise
        finally:
            self._end(attempt, error, context)

    async def _respond(self, attempt: Attempt, argument: Any, context: Context) -> Any:
        if attempt.plan is not None:
            answer = PlanRun(attempt, argument, context, self._scene).response(attempt.plan.steps)
        elif streams_responses(self._method.mode):
            answer = write_all(self._scene.behaviour(argument, context), context, attempt)
        else:
            answer = self._scene.behaviour(argument, context)
        response = await answer
        if response is not None:
            attempt.sent = 1
        return response

    def _begin(self, argument: Any, context: Context) -> tuple[Attempt, Any]:
        """The attempt, and the handler's argument under observation."""
        log.CALL.set(self._call_id)
        self._started = time.perf_counter()
        remaining: float | None = context.time_remaining()
        task = asyncio.current_task()
        attempt = Attempt(
            call_id=self._call_id,
            method=self._method,
            plan=self._views.plan_for(self._call_id, self._method),
            metadata=to_json(context.invocation_metadata() or ()),
            peer=peer_address(context.peer()),
            deadline_ms=None if remaining is None else remaining * 1000,
            ask_context=lambda: _context(task),
        )
        if streams_requests(self._method.mode):
            argument = _noted(argument, attempt)
        else:
            attempt.received(argument)
        self._over = self._views.begin(attempt)
        return attempt, argument

    def _end(self, attempt: Attempt, error: BaseException | None, context: Context) -> None:
        code = _leave(attempt, error, context)
        self._over()
        log.call(self._call_id, self._method.name, code, time.perf_counter() - self._started)


async def _noted(requests: AsyncIterator[Any], attempt: Attempt) -> AsyncIterator[Any]:
    async for request in requests:
        attempt.received(request)
        yield request


def _leave(attempt: Attempt, error: BaseException | None, context: Any) -> str:
    """Notes how the code left, in the contract's words; gives the code for the log."""
    code = context.code() or grpc.StatusCode.OK
    if isinstance(error, (asyncio.CancelledError, grpc.aio.InternalError)):
        attempt.leave("cancelled")
        return "CANCELLED"
    if error is not None and not isinstance(error, grpc.aio.AbortError):
        attempt.raised = {"type": type(error).__name__, "text": str(error)}
        attempt.leave("raised")
        return "UNKNOWN"
    if code is grpc.StatusCode.OK:
        attempt.leave("returned")
        return "OK" if attempt.context == "active" else "CANCELLED"
    attempt.left_status = status.to_json(code.name, context.details(), context.trailing_metadata())
    attempt.leave("status")
    return str(code.name)


def _context(task: asyncio.Task[Any] | None) -> str:
    """grpc.aio tells a handler that its call is over by cancelling its task, in no other way, and does not tell why."""
    return "cancelled" if task is not None and (task.cancelling() or task.cancelled()) else "active"
