"""The interop harness: every client against every server, observed, judged, compared.

The flow goes one way, and each arrow carries one value::

    cases/*.yaml ──cases──► Case ──matrix──► Cell ──engine──► Observation + View ──normalise──► Seen
    Seen ──verdict──► Verdict ──record──► results.jsonl ──blame, report──► terminal · Markdown · JUnit

Read ``model`` first (the vocabulary), then ``contract`` (what crosses a process border). Stages import those two and
not each other; they meet in the shells: ``engine`` runs cells, ``pytest_plugin`` makes them items, ``cli`` is
convenience.
"""
