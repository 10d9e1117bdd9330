"""The interceptor around the handlers: joins a call with its plan, and notes what the handler saw.

A call without the harness's key in its metadata goes by untouched.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import grpc

from userservice.contract import log, status
from userservice.contract.lines import Writer
from userservice.contract.metadata import call_id_of, to_json
from userservice.contract.methods import Method, streams_requests, streams_responses
from userservice.contract.requests import Methods
from userservice.contract.signals import Marks
from userservice.contract.views import Attempt, Views, peer_address
from userservice.threads.plan import Behaviour, PlanRun

# grpcio's time_remaining() is some 9.2e18 seconds where there is no deadline; no call has one in thirty years.
_NO_DEADLINE_S = 1e9
# By mode: how a handler's behaviour is called, and what makes a handler of one.
_KINDS: dict[str, tuple[str, Callable[..., grpc.RpcMethodHandler[Any, Any]]]] = {
    "unary": ("unary_unary", grpc.unary_unary_rpc_method_handler),
    "server-streaming": ("unary_stream", grpc.unary_stream_rpc_method_handler),
    "client-streaming": ("stream_unary", grpc.stream_unary_rpc_method_handler),
    "bidi-streaming": ("stream_stream", grpc.stream_stream_rpc_method_handler),
}


class Interceptor(grpc.ServerInterceptor):  # type: ignore[type-arg]  (generic in the stubs only)
    def __init__(self, views: Views, marks: Marks, writer: Writer, methods: Methods) -> None:
        self.views, self.marks, self.writer = views, marks, writer
        self._methods = methods

    def intercept_service(self, continuation: Any, handler_call_details: Any) -> Any:
        handler = continuation(handler_call_details)
        call_id = call_id_of(handler_call_details.invocation_metadata)
        method = self._methods.get(handler_call_details.method)
        if handler is None or call_id is None or method is None:
            return handler
        attribute, make = _KINDS[method.mode]
        watched = _Watched(self, call_id, method, getattr(handler, attribute))
        return make(
            watched.stream if streams_responses(method.mode) else watched.one,
            request_deserializer=handler.request_deserializer,
            response_serializer=handler.response_serializer,
        )


class _Watched:
    """One attempt's handler, in the place of ``behaviour``: the plan, or else the behaviour itself, under observation."""

    def __init__(self, parent: Interceptor, call_id: str, method: Method, behaviour: Behaviour) -> None:
        self._parent, self._call_id, self._method, self._behaviour = parent, call_id, method, behaviour

    def one(self, argument: Any, context: grpc.ServicerContext) -> Any:
        """A handler with one response."""
        attempt, argument = self._begin(argument, context)
        error: BaseException | None = None
        try:
            response = self._one(attempt, argument, context)
            attempt.sent = 0 if response is None else 1
            return response
        except BaseException as left_by:
            error = left_by
            raise
        finally:
            self._end(attempt, error, context)

    def stream(self, argument: Any, context: grpc.ServicerContext) -> Iterator[Any]:
        """A handler with a stream of responses."""
        attempt, argument = self._begin(argument, context)
        error: BaseException | None = None
        try:
            yield from self._counted(attempt, argument, context)
        except BaseException as left_by:
            error = left_by
            raise
        finally:
            self._end(attempt, error, context)

    def _one(self, attempt: Attempt, argument: Any, context: grpc.ServicerContext) -> Any:
        if attempt.plan is None:
            return self._behaviour(argument, context)
        response: Any = self._method.response()
        for response in self._planned(attempt, argument, context):  # noqa: B007  (the last one counts)
            pass
        return response

    def _counted(self, attempt: Attempt, argument: Any, context: grpc.ServicerContext) -> Iterator[Any]:
        planned = attempt.plan is not None
        responses = (self._planned(attempt, argument, context) if planned else self._behaviour(argument, context))
        for response in responses:
            attempt.sent += 1
            yield response

    def _planned(self, attempt: Attempt, argument: Any, context: grpc.ServicerContext) -> Iterator[Any]:
        run = PlanRun(attempt, argument, context)
        return run.responses(self._behaviour, self._parent.marks, self._parent.writer)

    def _begin(self, argument: Any, context: grpc.ServicerContext) -> tuple[Attempt, Any]:
        """The attempt, and the handler's argument under observation."""
        log.CALL.set(self._call_id)
        self._started = time.perf_counter()
        remaining = context.time_remaining()
        attempt = Attempt(
            call_id=self._call_id,
            method=self._method,
            plan=self._parent.views.plan_for(self._call_id, self._method),
            metadata=to_json(context.invocation_metadata() or ()),
            peer=peer_address(context.peer()),
            deadline_ms=None if remaining is None or remaining > _NO_DEADLINE_S else remaining * 1000,
            ask_context=lambda: _context(context),
        )
        if streams_requests(self._method.mode):
            argument = _noted(argument, attempt)
        else:
            attempt.received(argument)
        self._over = self._parent.views.begin(attempt)
        return attempt, argument

    def _end(self, attempt: Attempt, error: BaseException | None, context: grpc.ServicerContext) -> None:
        code = _leave(attempt, error, context)
        self._over()
        log.call(self._call_id, self._method.name, code, time.perf_counter() - self._started)


def _noted(requests: Iterator[Any], attempt: Attempt) -> Iterator[Any]:
    for request in requests:
        attempt.received(request)
        yield request


def _leave(attempt: Attempt, error: BaseException | None, context: grpc.ServicerContext) -> str:
    """Notes how the code left and what the library says of the call; gives the code for the log."""
    attempt.context = _context(context)
    code = context.code()
    if isinstance(error, (GeneratorExit, grpc.RpcError)):
        attempt.left = "cancelled"
        return "CANCELLED"
    if error is not None and not _is_abort(error, code):
        attempt.raised = {"type": type(error).__name__, "text": str(error)}
        attempt.left = "raised"
        return "UNKNOWN"
    if code in (None, grpc.StatusCode.OK):
        attempt.left = "returned"
        return "OK" if attempt.context == "active" else "CANCELLED"
    details = context.details()
    message = details.decode() if isinstance(details, bytes) else details
    attempt.left_status = status.to_json(code.name, message, context.trailing_metadata())
    attempt.left = "status"
    return code.name


def _context(context: grpc.ServicerContext) -> str:
    """grpcio does not tell a call whose deadline passed from one that was cancelled."""
    return "active" if context.is_active() else "cancelled"


def _is_abort(error: BaseException, code: grpc.StatusCode | None) -> bool:
    """grpcio's abort() raises a bare ``Exception()``; the code that it set tells it from a handler's own."""
    return type(error) is Exception and not error.args and code is not None
