"""``python -m interop.wire``: the relay's process. Ends when its standard input does."""

import asyncio

from interop.wire.program import on_standard_streams

asyncio.run(on_standard_streams())
