"""What a server of this stack serves. The one file of the stack that names services, but for their handlers."""

from __future__ import annotations

import grpc
from users import users_pb2_grpc

from userservice.aio import handlers


def register(server: grpc.aio.Server, pause_s: float | None) -> None:
    """Puts the services on a server. ``pause_s`` is the pause of ListUsers; None: as shipped."""
    users_pb2_grpc.add_UserServiceServicer_to_server(handlers.UserService(pause_s), server)
