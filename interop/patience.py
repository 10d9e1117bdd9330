"""How long the harness waits for a process, and what it puts up with: one value, so that tests and a debugger can take
another.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Times in seconds. ``answers_s`` comes on top of what a request itself may take (the contract gives a driver one
    second), with room for a busy machine; ``math.inf`` waits for ever.
    """

    ready_s: float = 30.0
    answers_s: float = 15.0
    # A handler's end can come late (measured: up to 0.15 s), a busy machine's later; a view that never comes costs this
    # once.
    view_ms: int = 5_000
    # The contract gives a program two seconds from the end of its standard input; then its group is killed.
    stops_s: float = 2.5
    # A process that ends closes its pipes first: so long after, it has closed them on purpose.
    closes_s: float = 0.5
    # How often memory and logs are looked at: 8 processes take 1 ms; what grows by 1 GB/s overshoots by 250 MB.
    looks_s: float = 0.25
    # A log is cut back to so many bytes once it is twice as long.
    log_bytes: int = 16 * 2**20
    noise_lines: int = 10_000
    # So many processes in a row without one cell done, and the next is not started: each that hangs costs a wait.
    hangs: int = 3
    deaths: int = 20


PATIENT = Patience()
