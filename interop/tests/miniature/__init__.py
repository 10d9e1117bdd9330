"""A miniature implementation: keeps the process contract in both roles without gRPC; its ends speak JSON over TCP.

``python -m interop.tests.miniature server|client [--fault NAME[:WORD]] [--once FILE]``: the fault is the one thing it
does wrong (``program.FAULTS``), with --once only until FILE exists. It imports nothing of the harness.
``plain --address HOST:PORT`` is a server that does not keep the contract.
"""
