"""A handler's stream of responses, written to the call and counted."""

from __future__ import annotations

from contextlib import aclosing
from typing import Any

import grpc

from userservice.contract.views import Attempt


async def write_all(responses: Any, context: grpc.aio.ServicerContext[Any, Any], attempt: Attempt) -> None:
    """``responses`` is an async generator. It is closed here in any case, so the handler's code has left."""
    async with aclosing(responses) as stream:
        async for response in stream:
            attempt.sent += 1
            await context.write(response)
