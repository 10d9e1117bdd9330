"""TOML with line numbers: the line of each key, however it is written, and of each mistake of the language itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from interop import toml_lines
from interop.errors import InputInvalid

TEXT = '''# head
[go]
server = ["x",
  "y"]
environment = { A = "1", B = "2" }
dotted.x.y = 3

[go.sub]
[[v]]
a = """
[[v]]
b = 3
"""
b = 1
[[v]]
a = [
  # a comment
  {x = 1},
]
[v.sub]
q = 1
[v.sub."a.b"]
'''


@pytest.mark.parametrize(
    ("key", "line"),
    [
        (("go",), 2),
        (("go", "server"), 3),
        (("go", "environment", "B"), 5),
        (("go", "dotted", "x", "y"), 6),
        (("go", "sub"), 8),
        (("v",), 9),
        (("v", 0), 9),
        (("v", 0, "a"), 10),
        (("v", 0, "b"), 14),
        (("v", 1), 15),
        (("v", 1, "a", 0, "x"), 16),
        (("v", 1, "sub", "q"), 21),
        (("v", 1, "sub", "a.b"), 22),
        (("go", "no such key"), 2),
        (("nothing",), 1),
    ],
)
def test_a_key_is_found_where_it_stands(tmp_path: Path, key: tuple[str | int, ...], line: int) -> None:
    path = tmp_path / "a.toml"
    for text in (TEXT, TEXT.replace("\n", "\r\n")):
        path.write_bytes(text.encode())
        assert toml_lines.read(path).where(*key) == f"{path}:{line}"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[go]\nx = 1\n\n[go]\n", "4: [go] stands twice; allowed: once; first in line 1"),
        ("[a.b]\n[a]\n[a]\n", "3: [a] stands twice; allowed: once; first in line 2"),
        ("[[v]]\nx = 1\n[[v]]\nx = 1\nx = 2\n", "5: key 'x' of [v] stands twice; allowed: once; first in line 4"),
        ('a = """\n"""\na = """\n\n"""\n', "3: key 'a' stands twice; allowed: once; first in line 1"),
        ("a = 1\n[a]\n", "2: [a] stands twice; allowed: once; first in line 1"),
        ("a.b = 1\na.b = 2", "2: key 'a.b' stands twice; allowed: once; first in line 1"),
        ("\na = {b = 1, b = 2}\n", "2: no valid TOML: Duplicate inline table key 'b'"),
        ("a = {}\na.b = 1", "2: no valid TOML: Cannot mutate immutable namespace ('a',)"),
        ('\na = """\n\n', "2: no valid TOML: Unterminated string"),
        ("\na = [\n1,\n", "2: no valid TOML: Invalid value"),
        ("a = 1\nb =\n", "2: no valid TOML: Invalid value"),
        ("\na = " + "[" * 3000 + "]" * 3000, "2: lists or tables too deep in one another; allowed: a few levels"),
        ("\na = " + "9" * 5000, "2: no valid TOML: Exceeds the limit (4300 digits)"),
        ("a = 'é'\nb = '\xff'\n", "1: the byte 0xe9; allowed: text in UTF-8"),
    ],
)
def test_each_mistake_of_the_language_is_told_with_its_line(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(InputInvalid) as caught:
        toml_lines.read(path)
    assert str(caught.value).startswith(f"{path}:{sentence}")
