"""The command line of the miniature."""

import asyncio
import sys
from pathlib import Path

from interop.tests.miniature.client import Client
from interop.tests.miniature.plain import Plain
from interop.tests.miniature.server import Server


def main(role: str, *words: str) -> None:
    options = dict(zip(words[::2], words[1::2], strict=True))
    program = {"client": Client, "server": Server, "plain": Plain}[role]
    once = Path(options["--once"]) if "--once" in options else None
    asyncio.run(program(options.get("--address", role), options.get("--fault", ""), once).run())


main(*sys.argv[1:])
