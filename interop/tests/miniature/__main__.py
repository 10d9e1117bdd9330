"""The command line of the miniature."""

import asyncio
import sys
from pathlib import Path

from interop.tests.miniature.client import Client
from interop.tests.miniature.server import Server


def main(role: str, *words: str) -> None:
    options = dict(zip(words[::2], words[1::2], strict=True))
    program = {"client": Client, "server": Server}[role]
    once = Path(options["--once"]) if "--once" in options else None
    asyncio.run(program(role, options.get("--fault", ""), once).run())


main(*sys.argv[1:])
