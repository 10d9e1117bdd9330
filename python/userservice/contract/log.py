"""The log, on standard error: every line about a call has ``call=ID`` in it, stack traces of the libraries included."""

from __future__ import annotations

import contextvars
import logging
import sys

# The call that the running handler or script is about; libraries log from within it, so their lines can be given to it.
CALL: contextvars.ContextVar[str] = contextvars.ContextVar("call", default="")


def set_up() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Formatter("%(levelname)s %(name)s %(message)s"))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("userservice").setLevel(logging.INFO)


def line(text: str) -> None:
    sys.stderr.write(text + "\n")


def call(call_id: str, method: str, outcome: str, seconds: float) -> None:
    """The one line that every call gets at either end."""
    sys.stderr.write(f"call={call_id} {method} {outcome} {seconds * 1000:.1f} ms\n")


class _Formatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        text, call_id = super().format(record), CALL.get()
        if not call_id:
            return text
        return "\n".join([f"call={call_id} {part}" for part in text.splitlines()])
