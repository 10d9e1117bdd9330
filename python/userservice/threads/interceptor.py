"""The interceptor around the handlers: joins a call with its plan, and notes what the handler saw.

A call without the harness's key in its metadata goes by untouched.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import grpc

from userservice.contract import log, status
from userservice.contract.lines import Writer
from userservice.contract.metadata import call_id_of, to_json
from userservice.contract.methods import Method, arity, streams_requests, streams_responses
from userservice.contract.requests import Methods
from userservice.contract.signals import Marks
from userservice.contract.views import Attempt, Views, peer_address
from userservice.threads.plan import PlanRun, Scene

# grpcio's time_remaining() is some 9.2e18 seconds where there is no deadline; no call has one in thirty years.
_NO_DEADLINE_S = 1e9


class Interceptor(grpc.ServerInterceptor):
    def __init__(self, views: Views, marks: Marks, writer: Writer, methods: Methods) -> None:
        self._views, self._marks, self._writer, self._methods = views, marks, writer, methods

    def intercept_service(self, continuation: Any, handler_call_details: Any) -> Any:
        handler = continuation(handler_call_details)
        call_id = call_id_of(handler_call_details.invocation_metadata)
        method = self._methods.get(handler_call_details.method)
        if handler is None or call_id is None or method is None:
            return handler
        kind = arity(method.mode)
        scene = Scene(behaviour=getattr(handler, kind), marks=self._marks, writer=self._writer)
        watched = _Watched(self._views, scene, call_id, method)
        return getattr(grpc, f"{kind}_rpc_method_handler")(
            watched.stream if streams_responses(method.mode) else watched.one,
            request_deserializer=handler.request_deserializer,
            response_serializer=handler.response_serializer,
        )


class _Watched:
    """One attempt's handler, in the place of the service's own: it, or else the call's plan, under observation."""

    def __init__(self, views: Views, scene: Scene, call_id: str, method: Method) -> None:
        self._views, self._scene, self._call_id, self._method = views, scene, call_id, method

    def one(self, argument: Any, context: grpc.ServicerContext) -> Any:
        """A handler with one response."""
        attempt, argument = self._begin(argument, context)
        with self._noting_how_it_leaves(attempt, context):
            response = self._one(attempt, argument, context)
            attempt.sent = 0 if response is None else 1
            return response

    def stream(self, argument: Any, context: grpc.ServicerContext) -> Iterator[Any]:
        """A handler with a stream of responses."""
        attempt, argument = self._begin(argument, context)
        with self._noting_how_it_leaves(attempt, context):
            yield from self._counted(attempt, argument, context)

    def _one(self, attempt: Attempt, argument: Any, context: grpc.ServicerContext) -> Any:
        if attempt.plan is None:
            return self._scene.behaviour(argument, context)
        run = PlanRun(attempt, argument, context, self._scene)
        response: Any = self._method.response()
        for last in run.responses(attempt.plan.steps):
            response = last
        return response

    def _counted(self, attempt: Attempt, argument: Any, context: grpc.ServicerContext) -> Iterator[Any]:
        if attempt.plan is None:
            responses = self._scene.behaviour(argument, context)
        else:
            responses = PlanRun(attempt, argument, context, self._scene).responses(attempt.plan.steps)
        for response in responses:
            attempt.sent += 1
            yield response

    def _begin(self, argument: Any, context: grpc.ServicerContext) -> tuple[Attempt, Any]:
        """The attempt, and the handler's argument under observation."""
        log.CALL.set(self._call_id)
        self._started = time.perf_counter()
        remaining = context.time_remaining()
        attempt = Attempt(
            call_id=self._call_id,
            method=self._method,
            plan=self._views.plan_for(self._call_id, self._method),
            metadata=to_json(context.invocation_metadata() or ()),
            peer=peer_address(context.peer()),
            deadline_ms=None if remaining > _NO_DEADLINE_S else remaining * 1000,
            ask_context=lambda: _context(context),
        )
        if streams_requests(self._method.mode):
            argument = _Noted(argument, attempt)
        else:
            attempt.received(argument)
        self._over = self._views.begin(attempt)
        return attempt, argument

    @contextmanager
    def _noting_how_it_leaves(self, attempt: Attempt, context: grpc.ServicerContext) -> Iterator[None]:
        error: BaseException | None = None
        try:
            yield
        except BaseException as left_by:
            error = left_by
            raise
        finally:
            self._end(attempt, error, context)

    def _end(self, attempt: Attempt, error: BaseException | None, context: grpc.ServicerContext) -> None:
        code = _leave(attempt, error, context)
        self._over()
        log.call(self._call_id, self._method.name, code, time.perf_counter() - self._started)


class _Noted:
    """The requests of a stream, noted as they are handed over. Asks the library every time, also after the end."""

    def __init__(self, requests: Iterator[Any], attempt: Attempt) -> None:
        self._requests, self._attempt = requests, attempt

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        request = next(self._requests)
        self._attempt.received(request)
        return request


def _leave(attempt: Attempt, error: BaseException | None, context: Any) -> str:
    """Notes how the code left, in the contract's words; gives the code for the log."""
    code = context.code() or grpc.StatusCode.OK
    if isinstance(error, (GeneratorExit, grpc.RpcError)):
        attempt.leave("cancelled")
        return "CANCELLED"
    if error is not None and not _is_abort(error, code):
        attempt.raised = {"type": type(error).__name__, "text": str(error)}
        attempt.leave("raised")
        return "UNKNOWN"
    if code is grpc.StatusCode.OK:
        attempt.leave("returned")
        return "OK" if attempt.context == "active" else "CANCELLED"
    message = (context.details() or b"").decode()
    attempt.left_status = status.to_json(code.name, message, context.trailing_metadata())
    attempt.leave("status")
    return str(code.name)


def _context(context: grpc.ServicerContext) -> str:
    """grpcio does not tell a call whose deadline passed from one that was cancelled."""
    return "active" if context.is_active() else "cancelled"


def _is_abort(error: BaseException, code: grpc.StatusCode) -> bool:
    """grpcio's abort() raises a bare ``Exception()``; the code that it set tells it from a handler's own."""
    return type(error) is Exception and not error.args and code is not grpc.StatusCode.OK
