"""One file a report, each a pure function of ``record.Results``; what several of them say is computed once, in ``facts`` and ``groups``."""
