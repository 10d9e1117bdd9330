"""The one file that names services: their stubs, their registration and, by full method name, their message types.

Another service is one import of its generated code, one handler class of one name in ``threads/handlers.py`` and
``aio/handlers.py``, and one entry in each of the two functions and the list below.
"""

from __future__ import annotations

from typing import Any

from google.protobuf import message_factory
from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor
from users import users_pb2, users_pb2_grpc

from userservice.contract.methods import Method, mode_of

DESCRIPTORS: list[ServiceDescriptor] = [users_pb2.DESCRIPTOR.services_by_name["UserService"]]


def register(server: Any, handlers: Any, pause_s: float) -> None:
    """Puts the services on a server; ``handlers`` is the module of that name of the server's stack."""
    users_pb2_grpc.add_UserServiceServicer_to_server(handlers.UserService(pause_s), server)


def stubs(channel: Any) -> dict[str, Any]:
    """The generated stubs by full service name; the channel is of either stack."""
    return {"users.UserService": users_pb2_grpc.UserServiceStub(channel)}


def multicallables(channel: Any) -> dict[str, Any]:
    """What calls a method through its generated stub, by full method name."""
    by_service = stubs(channel)
    return {
        name: getattr(by_service[descriptor.full_name], method.name)
        for descriptor in DESCRIPTORS
        for name, method in _named(descriptor)
    }


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
    name: _method(name, method) for service in DESCRIPTORS for name, method in _named(service)
}
