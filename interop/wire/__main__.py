"""``python -m interop.wire FD``: the relay's process, which writes its copies there; without a number, the reader's,
which has them on its standard input. Each ends when its standard input does.
"""

import asyncio
import sys


def _write(line: bytes) -> None:
    sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()


if len(sys.argv) > 1:
    from interop.wire.program import on_pipes

    asyncio.run(on_pipes(int(sys.argv[1])))
else:
    from interop.wire.reader import read

    read(sys.stdin.buffer, _write)
