"""The services by full method name: their stubs and message types. What a stack serves is in its own ``services.py``.

Another service is one import of its generated code and one entry here, and one import of its handlers and one line in
``threads/services.py`` and ``aio/services.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from google.protobuf import message_factory
from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor
from users import users_pb2, users_pb2_grpc

from userservice.contract.methods import Method, mode_of

# Each service with its generated stub, which takes a channel of either stack.
SERVICES: list[tuple[ServiceDescriptor, Callable[[Any], Any]]] = [
    (users_pb2.DESCRIPTOR.services_by_name["UserService"], users_pb2_grpc.UserServiceStub),
]


def multicallables(channel: Any) -> dict[str, Any]:
    """What calls a method through its generated stub, by full method name; the channel is of either stack."""
    stubs = [(service, make(channel)) for service, make in SERVICES]
    return {name: getattr(stub, method.name) for service, stub in stubs for name, method in _named(service)}


def _named(service: ServiceDescriptor) -> list[tuple[str, MethodDescriptor]]:
    return [(f"/{service.full_name}/{method.name}", method) for method in service.methods]


def _method(name: str, method: MethodDescriptor) -> Method:
    return Method(
        name=name,
        mode=mode_of(method.client_streaming, method.server_streaming),
        request=message_factory.GetMessageClass(method.input_type),
        response=message_factory.GetMessageClass(method.output_type),
    )


METHODS: dict[str, Method] = {
    name: _method(name, method) for service, _ in SERVICES for name, method in _named(service)
}
