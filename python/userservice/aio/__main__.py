"""``python -m userservice.aio server|client|serve|call``."""

from __future__ import annotations

from userservice import command

if __name__ == "__main__":
    command.run("userservice.aio")
