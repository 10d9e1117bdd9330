"""One file a report, each a pure function of ``record.Results``.

What several of them say is computed once, in ``facts`` and ``groups``.
"""
