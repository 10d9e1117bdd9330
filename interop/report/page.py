"""Results → one HTML file that needs nothing beside it: no network, no framework. Pure; reads its own CSS and script.

What a reader sees first is plain HTML; the script only opens, filters and links the cells.
"""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from urllib.parse import quote

from interop.contract import MODES
from interop.record import Results
from interop.report import facts, groups, page_data, texts
from interop.report.groups import RedCase, RedGroup

_HERE = Path(__file__).parent
_CASES_OPEN = 8  # more cases of a group than this are folded
_MISMATCHES, _LINES, _LONGEST = 3, 4, 300  # what is said of a case before it is opened
_LABELS = "".join(f"<span>{mode.removesuffix('-streaming')}</span>" for mode in MODES)
# The file is opened from CI artifacts, with what servers sent in it: it may load and send nothing.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"


def html(results: Results) -> str:
    parts = [
        _header(results),
        _problems(results),
        _blame(results),
        _matrix(results),
        _CASES,
        _remarks(results),
        _versions(results),
    ]
    return _DOCUMENT.format(
        policy=_POLICY,
        title=f"interop: {escape(facts.verdict(results))}",
        css=(_HERE / "page.css").read_text(encoding="utf-8"),
        js=(_HERE / "page.js").read_text(encoding="utf-8"),
        body="\n".join(part for part in parts if part),
        # "<" in the data would end the script element.
        data=json.dumps(page_data.data(results), ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c"),
    )


_DOCUMENT = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
{css}</style>
<main>
{body}
</main>
<script type="application/json" id="data">{data}</script>
<script>
{js}</script>
</html>
"""

_CASES = """<section aria-label="cases" id="cases">
<h2>Cases</h2>
<form id="filter" role="search">
<input type="search" id="text" placeholder="Filter: status, go--python, NOT_FOUND …" aria-label="Filter by text">
<span id="scope"></span>
<output id="shown"></output>
</form>
<p class="quiet" id="strips"></p>
<div id="list"><p>The list of cases needs JavaScript.</p></div>
</section>"""


def _header(results: Results) -> str:
    good = facts.as_expected(results)
    seconds = f"{results.footer.duration_s:.1f} s" if results.footer else "no end"
    when = " · ".join([results.header.started, seconds, facts.selection(results)])
    chips = "".join(_chip(kind, number) for kind, number in facts.counts(results).items())
    return f"""<header class="{"good" if good else "bad"}">
<p class="verdict">{escape(facts.verdict(results))}</p>
<p class="quiet">gRPC interop · {escape(when)}</p>
<p class="chips" role="group" aria-label="Show only these verdicts">{chips}</p>
<p class="quiet">{escape(facts.accounting(results))}</p>
</header>"""


def _chip(kind: str, number: int) -> str:
    state = 'aria-pressed="false"' if number else "disabled"
    classes = f"chip {kind.replace(' ', '-')}"
    return f'<button type="button" class="{classes}" data-kind="{kind}" {state}><b>{number}</b> {kind}</button>'


def _problems(results: Results) -> str:
    rows = "".join(
        f"<li><b>{escape(one.kind)}</b>: {escape(texts.printable(one.text))}</li>" for one in facts.problems(results)
    )
    return f'<section class="problems" aria-label="problems"><h2>Problems</h2><ul>{rows}</ul></section>' if rows else ""


def _blame(results: Results) -> str:
    found = "".join(_group(group) for group in groups.red(results))
    return f'<section class="blame" aria-label="failures"><h2>Who is to blame</h2>{found}</section>' if found else ""


def _group(group: RedGroup) -> str:
    rows = "".join(_red_case(case) for case in group.cases)
    opened = " open" if len(group.cases) <= _CASES_OPEN else ""
    return f"<details{opened}><summary>{escape(group.headline)}</summary><ul>{rows}</ul></details>"


def _red_case(case: RedCase) -> str:
    link = f'<a href="#{_link(case.first.id)}">{escape(case.id)}</a>'
    cells = f'<span class="quiet">{facts.several(len(case.records), "cell")}</span>'
    said = (line for text in groups.said(case.first)[:_MISMATCHES] for line in texts.lines(text, _LINES, _LONGEST))
    told = "<br>".join(escape(line) for line in said)
    return f"<li>{link} {cells}<br>{told}</li>"


def _link(text: str) -> str:
    return quote(text, safe="/-")


def _matrix(results: Results) -> str:
    table = facts.table(results)
    head = "".join(
        f'<th scope="col">→ {escape(server)}<span class="modes">{_LABELS}</span></th>' for server in table.servers
    )
    rows = "".join(_row(table, client) for client in table.clients)
    signs = ", ".join(f"{sign} {kind}" for kind, sign in facts.SIGNS.items())
    return f"""<section aria-label="matrix"><h2>Clients × servers</h2>
<div class="wide"><table id="matrix">
<thead><tr><th>client ↓ server →</th>{head}</tr></thead>
<tbody>{rows}</tbody>
</table></div>
<p class="quiet">Passing of judged, by mode. Not counted as passing: {signs}.
Choose a pair to see its cases.</p></section>"""


def _row(table: facts.Table, client: str) -> str:
    cells = "".join(_pair(table, client, server) for server in table.servers)
    return f'<tr><th scope="row">{escape(client)} →</th>{cells}</tr>'


def _pair(table: facts.Table, client: str, server: str) -> str:
    total = table.of(client, server)
    if not total:
        return "<td></td>"
    modes = table.cells[(client, server)]
    numbers = "".join(_number(modes.get(mode, facts.Counts())) for mode in MODES)
    pair = f"{client}--{server}"
    return (
        f'<td class="{"red" if facts.red(total) else "green"}"><a href="#{_link(pair)}" data-pair="{escape(pair)}">'
        f'<span class="modes">{numbers}</span><span class="signs">{facts.signs(total)}</span></a></td>'
    )


def _number(counts: facts.Counts) -> str:
    return f'<span class="{"red" if facts.red(counts) else ""}">{facts.passing(counts)}</span>'


def _remarks(results: Results) -> str:
    rows = "".join(
        f"<li>{escape(texts.printable(text))}</li>" for text in (results.footer.remarks if results.footer else [])
    )
    return f'<section aria-label="remarks"><h2>Remarks</h2><ul>{rows}</ul></section>' if rows else ""


def _versions(results: Results) -> str:
    told = [*facts.versions(results), ("harness", ", ".join(" ".join(pair) for pair in results.header.harness.items()))]
    rows = "".join(f"<dt>{escape(who)}</dt><dd>{escape(libraries)}</dd>" for who, libraries in told)
    command = f"<dt>command</dt><dd><code>{escape(' '.join(results.header.command))}</code></dd>"
    return f'<section aria-label="versions"><h2>Versions</h2><dl>{rows}{command}</dl></section>'
