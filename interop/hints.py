"""What a person meant by a word that pytest refused: in, the words of ``interop run``; out, sentences with the nearest
right name. Asked only once a run was refused.
"""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Iterator
from pathlib import Path

from interop.errors import InputInvalid, nearest, nearest_file

_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")


def of(words: list[str]) -> Iterator[str]:
    """A sentence for each option that there is not, and for each file that is not there."""
    written = [word.partition("=")[0] for word in words if word.startswith("--")]
    known = _options() if written else set()
    for option in written:
        if option not in known:
            yield str(InputInvalid(option, "no such option", "see interop run --help", nearest(option, sorted(known))))
    for path in (Path(word.partition("::")[0]) for word in words if not word.startswith("-")):
        if path.suffix == ".yaml" and not path.exists():
            yield str(InputInvalid(str(path), "no such file", "a file of cases", nearest_file(path)))


def _options() -> set[str]:
    """Those of pytest and of its plugins, as its help lists them."""
    import pytest

    with contextlib.redirect_stdout(io.StringIO()) as text:
        pytest.main(["--help"])
    return set(_OPTION.findall(text.getvalue()))
