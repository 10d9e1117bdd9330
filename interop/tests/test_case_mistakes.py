"""What would make a case that can't pass, can't fail or can't be read: told in its own line, with what is allowed."""

from __future__ import annotations

from pathlib import Path

import pytest

from interop import cases
from interop.errors import InputInvalid
from interop.tests.miniatures import write_cases

# Each line of it is replaced in turn; the expectation begins in line 11.
GOOD = """- name: unary/a
  why: w
  tags: [quick]
  calls:
    - method: GetUser
      metadata: [[x-a, "1"]]
      steps:
        - send: {user_id: "1"}
        - receive_all
  plan: [finish: {code: ABORTED, message: m}]
  expect:
    code: ABORTED
    message: m
"""
TEXT = "a string (quote it: YAML reads no, 5 and null otherwise)"
FILL = "field 'user_id': {'fill': 'x'}; allowed: fill, with fill from 0 to 67108864"


def told(folder: Path, line: int, text: str) -> str:
    lines = GOOD.splitlines()
    lines[line - 1] = text
    path = write_cases(folder, "\n".join(lines))
    with pytest.raises(InputInvalid) as caught:
        cases.read_file(path)
    return str(caught.value).removeprefix(f"{folder}/small.yaml:")


def test_the_good_one_is_good(tmp_path: Path) -> None:
    assert [case.id for case in cases.read_file(write_cases(tmp_path, GOOD))] == ["unary/small/a"]


@pytest.mark.parametrize(
    ("line", "text", "sentence"),
    [
        (1, "- name: no", "1: name: False; allowed: a string; put it in quotes, if it is text"),
        (1, "- name: unary/../../x", "1: id 'unary/small/../../x'; allowed: letters, digits, '-', '_', '.' between"),
        (1, "- name: unary/a b", "1: id 'unary/small/a b'; allowed: "),
        (1, "- name: unary/", "1: id 'unary/small/'; allowed: "),
        (2, "  why: 5", "2: why: 5; allowed: a string; put it in quotes, if it is text"),
        (3, "  tags: quick", "3: tags: 'quick'; allowed: a list"),
        (3, "  tags: [_x]", "3: tags: ['_x']; allowed: a string like '^[a-z][a-z0-9_-]*"),
        (3, "  quiet: often", "3: quiet: 'often'; allowed: true or false"),
        (3, "  repeat: 1.5", "3: repeat: 1.5; allowed: a whole number"),
        (3, "  repeat: 100000000", "3: repeat: 100000000; allowed: a whole number <= 10000"),
        (3, "  kill_client_at: 5", "3: kill_client_at: 5; allowed: a string or null; put it in quotes"),
        (3, "  configuration: [x]", "3: a configuration: ['x']; allowed: a mapping with name, list_pa"),
        (3, "  configuration: {name: a/b}", "3: the name 'a/b'; allowed: a name of its own (not 'plain') of letters"),
        (3, "  configuration: {name: a, list_pause_ms: x}", "3: list_pause_ms: 'x'; allowed: a whole number or null"),
        (3, "  values: {a: [1, 2]}", "1: name 'unary/a' without <a>; allowed: a name that tells its values apart"),
        (5, "    - method: 5", "5: method: 5; allowed: a string; put it in quotes, if it is text"),
        (5, "    - method: GetUsr", "5: method 'GetUsr'; allowed: GetUser, ListUsers, "),
        (6, "      deadline_ms: -1", "6: deadline_ms: -1; allowed: a whole number >= 0"),
        (6, "      times: 0", "6: times: 0; allowed: a whole number >= 1"),
        (6, "      metadata: [[x-a-bin, AA]]", "6: 'AA'; allowed: base64 with its padding, such as AAE="),
        (6, "      metadata: {x-a: b}", "6: metadata {'x-a': 'b'}; allowed: a list of pairs of strings"),
        (8, "        - send: {user_id: {fill: x}}", f"8: {FILL}"),
        (8, "        - send: {raw: A}", "8: 'A'; allowed: base64 with its padding"),
        (8, "        - {send: {user_id: a}, count: 100001}", "8: 100001; allowed: a whole number, 0 or more, at most"),
        (8, "        - {receive: 1, count: 2}", "8: unknown key 'count' in step 'receive'; allowed: nothing"),
        (9, "        - recieve_all", "9: unknown step 'recieve_all'; allowed: send, receive, "),
        (9, "        - receive", "9: None; allowed: a whole number, 0 or more"),
        (9, "        - receive_all: 5", "9: receive_all: 5; allowed: the word receive_all alone"),
        (9, "        - mark: no", f"9: False; allowed: {TEXT}"),
        (10, "  plan: serve", "10: steps 'serve'; allowed: a list of steps"),
        (10, "  plan: [serve: {x: y}]", "10: serve: {'x': 'y'}; allowed: how many messages: a mark, such as"),
        (10, "  plan: [serve: {3: no}]", f"10: False; allowed: {TEXT}"),
        (10, "  plan: [raise]", f"10: None; allowed: {TEXT}"),
        (10, "  plan: [finish: 0]", "10: finish: 0; allowed: code, message, details, trailers"),
        (10, "  plan: [finish: {cod: OK}]", "10: unknown key 'cod' in a status; allowed: code, message, details, tra"),
        (10, "  plan: [finish: {code: '5'}]", "10: status code '5'; allowed: OK, CANCELLED, "),
        (10, "  plan: [finish: {code: ²}]", "10: status code '²'; allowed: OK, CANCELLED, "),
        (10, "  plan: [finish: {message: no}]", f"10: False; allowed: {TEXT}"),
        (10, "  plan: [finish: {details: [{a: 1}]}]", "10: details {'a': 1}; allowed: a list of mappings, such as"),
        (10, "  plan: [finish: {details: [{a: {}, b: {}}]}]", "10: details {'a': {}, 'b': {}}; allowed: a list"),
        (10, "  plan: [finish: {details: [{type_url: 5}]}]", "10: type_url: 5; allowed: a string; put it in quotes"),
        (12, "    code: ABORTD", "12: status code 'ABORTD'; allowed: OK, "),
        (12, "    code: any\n    ended: statsu", "13: ended: 'statsu'; allowed: status, gave_up, raised, killed; did "),
        (13, "    message: no", "13: message: False; allowed: a string; put it in quotes, if it is text"),
        (
            13,
            "    message_pattern: (",
            "13: message_pattern '(': missing ), unterminated subpattern at position 0; all",
        ),
        (13, "    message: m\n    messages: 5", "14: messages 5; allowed: any, a list of mappings, or {count: …, each"),
        (13, "    message: m\n    messages: [5]", "14: message 5; allowed: a mapping of field names to values"),
        (13, "    message: m\n    messages: {count: 1}", "14: messages without 'each'; allowed: count, each"),
        (13, "    message: m\n    steps: [okay]", "14: steps: ['okay']; allowed: ok, over, gave_up"),
        (13, "    message: m\n    elapsed_ms: {at_last: 1}", "14: unknown key 'at_last' in elapsed_ms; allowed: at_le"),
        (
            13,
            "    message: m\n    trailing: [[a, b], [c]]",
            "14: metadata [['a', 'b'], ['c']]; allowed: a list of pair",
        ),
        (
            13,
            "    message: m\n    handler: {\n     sees: onc}",
            "15: sees: 'onc'; allowed: once, never, any, or a numb",
        ),
        (13, "    message: m\n    handler: {sees: true}", "14: sees: True; allowed: once, never, any, or a number"),
        (13, "    message: m\n    handler: {sees: [1]}", "14: sees: [1]; allowed: once, never, any, or a number"),
        (13, "    message: m\n    handler: {left: retuned}", "14: left: 'retuned'; allowed: returned, status, "),
        (13, "    message: m\n    handler: {context: [actve]}", "14: context: ['actve']; allowed: active, cancelled, "),
        (13, "    message: m\n    handler: {messages: [{a: {fill: -1}}]}", "14: field 'a': {'fill': -1}; allowed: fi"),
    ],
)
def test_each_mistake_is_told_in_its_own_line(tmp_path: Path, line: int, text: str, sentence: str) -> None:
    assert told(tmp_path, line, text).startswith(sentence)


def test_a_file_that_is_no_utf8_is_told_with_the_line(tmp_path: Path) -> None:
    path = write_cases(tmp_path)
    path.write_bytes(b"- name: a\n  why: \xff\n")
    with pytest.raises(InputInvalid, match=r"small\.yaml:2: the byte 0xff; allowed: text in UTF-8$"):
        cases.read_file(path)


def test_a_word_in_place_of_a_value_is_told_with_the_nearest(tmp_path: Path) -> None:
    text = GOOD.replace("unary/a", "unary/<cod>").replace("tags: [quick]", "values: {code: [OK]}")
    with pytest.raises(InputInvalid, match=r"small\.yaml:1: name 'unary/<cod>' without <code>; allowed: a name that"):
        cases.read_file(write_cases(tmp_path, text))
