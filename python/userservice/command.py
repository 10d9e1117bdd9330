"""The command line of both stacks: ``server`` and ``client`` speak the contract, ``serve`` and ``call`` to a person,
``loop`` to a bench.
"""

from __future__ import annotations

import argparse
import importlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Arguments:
    """``host``, ``port`` and ``pause_ms`` go with ``serve``, ``target`` with ``call`` and ``loop``."""

    command: str
    host: str = "127.0.0.1"
    port: int = 50051
    pause_ms: int = 100
    target: str = "127.0.0.1:50051"


def run(package: str) -> None:
    """Runs ``main(arguments)`` of the module that the command is named for; imports no other."""
    arguments = parse(package)
    module = {"client": "driver"}.get(arguments.command, arguments.command)
    importlib.import_module(f"{package}.{module}").main(arguments)


def parse(package: str) -> Arguments:
    parser = argparse.ArgumentParser(prog=f"python -m {package}")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("server", help="keep the process contract as a server")
    commands.add_parser("client", help="keep the process contract as a client driver")
    serve = commands.add_parser("serve", help="serve UserService until Ctrl-C", argument_default=argparse.SUPPRESS)
    serve.add_argument("--host")
    serve.add_argument("--port", type=int)
    serve.add_argument("--pause-ms", type=int, help="pause between two items of ListUsers")
    call = commands.add_parser("call", help="make the four calls of a first visit", argument_default=argparse.SUPPRESS)
    call.add_argument("--target")
    loop = commands.add_parser(
        "loop", help="make the calls that standard input names, one after another", argument_default=argparse.SUPPRESS
    )
    loop.add_argument("--target")
    return Arguments(**vars(parser.parse_args()))
