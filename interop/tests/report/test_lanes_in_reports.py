"""Every report of a red cell that was recorded on the wire says where its lanes part."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from interop.items import NotAsExpected, raise_verdict
from interop.lanes import text
from interop.report import junit, markdown, page, page_data, terminal
from interop.results import CallRecord
from interop.tests.report.sample import results
from interop.tests.report.test_counts import embedded
from interop.tests.test_lanes import call, red

SAID = "they part at the client: the wire had NOT_FOUND: no such user, the client said UNKNOWN: no such user"
RED = red(call(None, {"code": "UNKNOWN"}), "client.code")
RUN = results([RED], [], [])


def test_pytest_the_terminal_and_junit_show_the_lanes() -> None:
    with pytest.raises(NotAsExpected) as failure:
        raise_verdict(RED, "pytest x")
    failed = next(ElementTree.fromstring(junit.xml(RUN)).iter("failure"))  # noqa: S314 our own text
    for told in (str(failure.value), "\n".join(terminal.lines(RUN, Path("out"), False)), str(failed.text)):
        lines = [line.strip() for line in told.splitlines()]
        assert [line.strip() for line in text.lines(RED)] == [line for line in lines if line in _lanes()]


def _lanes() -> list[str]:
    return [line.strip() for line in text.lines(RED)]


def test_markdown_says_where_they_part() -> None:
    assert f"  - {SAID.replace('_', chr(92) + '_')} (the client's doing)\n" in markdown.summary(RUN)


def test_the_page_has_the_lanes_and_nothing_where_nothing_was_recorded() -> None:
    (shown,) = embedded(page.html(RUN))["cells"][0]["calls"]
    assert (shown["lanes"]["said"], shown["lanes"]["parted"]) == (f"{SAID} (the client's doing)", True)
    last = [2.5, "server", "UNKNOWN: no such user, x-t: t", "status NOT_FOUND: no such user", "client"]
    row = shown["lanes"]["rows"][-1]
    assert [*row[:3], *row[4:]] == last
    plain = red(CallRecord(call_id="c1", client={"messages": []}, handler=[]), "client.code")
    assert page_data.data(results([plain], [], []))["cells"][0]["calls"] == [
        {"client": {"messages": []}, "handler": []}
    ]


def test_a_cell_of_many_calls_is_cut_with_its_lanes() -> None:
    many = red(call(), "client.code", calls=60)
    assert len(page_data.data(results([many], [], []))["cells"][0]["calls"]) == 41
