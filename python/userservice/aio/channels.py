"""Channels, shared by target, configuration and name, with the callables of the generated stubs on each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import grpc

from userservice import services
from userservice.contract.methods import arity
from userservice.contract.requests import Call

SHARED, FRESH = "shared", "fresh"
# Channels with the same target and options share their connections, unless they are told not to.
_OWN_CONNECTIONS = (("grpc.use_local_subchannel_pool", 1),)


class Channel:
    """One channel; ``close`` ends it for everybody who uses it."""

    def __init__(self, target: str, own_connections: bool, on_close: Callable[[], object]) -> None:
        self._channel = grpc.aio.insecure_channel(target, options=_OWN_CONNECTIONS if own_connections else ())
        self._by_method = services.multicallables(self._channel)
        self._on_close = on_close

    def callable(self, call: Call) -> Any:
        """What makes the call: a multicallable of a generated stub, or in a raw call one that takes and gives bytes."""
        if call.raw:
            return getattr(self._channel, arity(call.mode))(call.method)
        return self._by_method[call.method]

    async def close(self) -> None:
        self._on_close()
        await self._channel.close()


class Channels:
    """The channels that are open."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, str, str], Channel] = {}

    def get(self, call: Call) -> Channel:
        if call.channel == FRESH:
            return Channel(call.target, True, lambda: None)
        key = (call.target, call.configuration.name, call.channel)
        channel = self._open.get(key)
        if channel is None:
            channel = Channel(call.target, call.channel != SHARED, lambda: self._open.pop(key, None))
            self._open[key] = channel
        return channel
