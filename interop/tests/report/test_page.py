"""The page: that it needs nothing beside it, that nothing a server sent is markup, and that it stays small."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

from interop import record
from interop.report import every_report, page, page_data
from interop.results import CallRecord, Kind, Verdict
from interop.tests.report.sample import NASTY, cell, passed, red, results
from interop.tests.report.test_counts import embedded

HTML = page.html(red())


class Elements(HTMLParser):
    """Every start tag with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


ELEMENTS = Elements(HTML).found


def test_the_page_loads_nothing() -> None:
    assert not [tag for tag, attributes in ELEMENTS if tag in ("link", "img", "iframe") or "src" in attributes]
    assert not re.findall(r"https?://|@import|url\(", HTML.replace("http://www.w3.org", ""))
    policy = next(attributes for _, attributes in ELEMENTS if attributes.get("http-equiv") == "Content-Security-Policy")
    assert str(policy["content"]).startswith("default-src 'none'")


def test_nothing_that_a_server_sent_is_markup() -> None:
    assert "alert(1)" in HTML
    assert "<script>alert" not in HTML
    assert [tag for tag, _ in ELEMENTS].count("script") == 2


def test_nothing_that_a_server_sent_turns_the_text_around() -> None:
    shown = HTML.partition('<script type="application/json"')[0]
    assert "panic: \\x1b[1mbroken<br>" in shown
    assert [sign for sign in shown if not sign.isprintable() and sign != "\n"] == []


def test_what_was_embedded_is_what_was_seen() -> None:
    cells = {one["id"]: one for one in embedded(HTML)["cells"]}
    pair_only = cells["python--go-connect/unary/details/several"]
    assert pair_only["mismatches"][1]["got"] == NASTY
    assert pair_only["calls"] == [{"client": {"code": "INTERNAL", "message": NASTY}, "handler": [{"left": "raised"}]}]
    assert pair_only["rounds"].startswith("of 20 rounds: 17 as expected, 3 × ")


def test_every_link_within_the_page_leads_to_a_pair_or_a_cell() -> None:
    data = embedded(HTML)
    cells = {one[0] for one in data["passes"]} | {one["id"] for one in data["cells"]}
    pairs = {f"{client}--{server}" for client in data["clients"] for server in data["servers"]}
    links = [str(attributes["href"]) for tag, attributes in ELEMENTS if tag == "a"]
    assert links
    assert not [link for link in links if link.removeprefix("#") not in cells | pairs]


def test_a_passing_cell_takes_no_more_than_its_line() -> None:
    few, many = ([passed("go--go", f"unary/a/{at}") for at in range(number)] for number in (100, 1100))
    grown = len(page.html(results(many, [], []))) - len(page.html(results(few, [], [])))
    assert grown / 1000 < 80


def test_a_huge_value_is_cut_and_says_so() -> None:
    view = {"messages": [{"name": "x" * 100_000}] * 100}
    recorded = cell(
        "go--go", "unary/a/b", Verdict(kind=Kind.RECORDED), calls=[CallRecord(call_id="1", client=view, handler=[])]
    )
    (told,) = page_data.data(results([recorded], [], []))["cells"]
    messages = told["calls"][0]["client"]["messages"]
    assert len(messages) == 41
    assert messages[-1] == "… (100 in all)"
    assert messages[0]["name"].endswith("… (100000 characters)")


def test_every_report_is_written_from_the_file_alone(tmp_path: Path) -> None:
    whole = red()
    writer = record.Writer(tmp_path / record.NAME)
    for line in (whole.header, *whole.spoke, *whole.records, whole.footer):
        assert line is not None
        writer.write(line)
    writer.close()
    results = record.read(tmp_path / record.NAME)
    every_report.write(results, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {record.NAME, "junit.xml", "summary.md", "index.html"}
    assert (tmp_path / "index.html").read_text(encoding="utf-8") == page.html(results)
