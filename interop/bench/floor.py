"""The same calls as plain loops over generated stubs, no harness, no plans, no views: ``python -m interop.bench.floor
TURNS``.

Every client's ``loop`` against every server's ``serve``, two pairs at a time. In: nothing; out: nothing, but the time.
Raises where a program fails.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from interop import implementations
from interop.bench.selected import calls_of, small_cases
from interop.model import Implementation


def main() -> None:
    lines = calls_of(small_cases()) * int(sys.argv[1])
    entries = implementations.read()
    servers = {name: _started(entry) for name, entry in entries.items()}
    try:
        with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
            pairs = [(entry, address) for entry in entries.values() for _, address in servers.values()]
            list(pool.map(lambda pair: _loop(pair[0], pair[1], "\n".join(lines)), pairs))
    finally:
        for server, _ in servers.values():
            server.terminate()
            server.communicate()


def _words(entry: Implementation, command: str) -> list[str]:
    """The shipped programs take ``serve`` and ``loop`` where they take ``server``."""
    return [*(entry.server or [])[:-1], command]


def _started(entry: Implementation) -> tuple[subprocess.Popen[str], str]:
    server = subprocess.Popen(
        [*_words(entry, "serve"), "--port", "0", "--pause-ms", "0"],
        cwd=entry.directory,
        env={**os.environ, **entry.environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    said = server.stdout.readline() if server.stdout else ""
    found = re.search(r"\S+:\d+", said)
    if not found:
        raise RuntimeError(f"{entry.name} does not say where it listens: {said!r}")
    return server, found[0]


def _loop(entry: Implementation, address: str, lines: str) -> None:
    subprocess.run(
        [*_words(entry, "loop"), "--target", address],
        cwd=entry.directory,
        env={**os.environ, **entry.environment},
        input=lines,
        text=True,
        timeout=600,
        check=True,
    )


if __name__ == "__main__":
    main()
