"""`interop smoke IMPLEMENTATION`: graded steps for whoever writes one; in, names; out, a line a step on the terminal.

At the first step that is not ok it says what to do next and what to read, and leaves the later ones for the next time.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from interop import cases
from interop.errors import InputInvalid, nearest
from interop.implementations import plays
from interop.model import Implementation
from interop.report import texts
from interop.smoke_walk import Ends, Seen, Walk

LOGS = Path("build/smoke")
UNARY = ["unary/messages/one"]
MODES = [*UNARY, "server-streaming/messages/one", "client-streaming/messages/one", "bidi-streaming/messages/one"]
PLANS = [
    "unary/status/not-found",
    "server-streaming/status/after-messages",
    "client-streaming/metadata/both-ways",
    "bidi-streaming/metadata/headers-first",
]
VIEWS = [*MODES, *PLANS, "bidi-streaming/order/server-first", "unary/cancel/waiting"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """``server`` and ``client`` are what to do, for whoever fails here in that role; ``section`` is of
    interop/README.md.
    """

    name: str
    take: Callable[[Walk], Awaitable[Seen]]
    server: str
    client: str
    section: str
    needed: bool = False  # to be skipped here is not ok: nothing would have been shown


_HONEST = "answer a step that you don't know with `unsupported`, before anything is started"
_BESIDE = "handle requests beside each other, keep each call's state apart, and let one writer write the lines"

STEPS = (
    Step(
        name="gets ready",
        take=lambda walk: walk.ready(),
        server="write the ready line first, alone on standard output, flushed; a plain server: listen at its address",
        client="write the ready line first, alone on standard output, flushed",
        section="Lines",
    ),
    Step(
        name="one unary call",
        take=lambda walk: walk.calls(UNARY),
        server="serve GetUser, as users.proto says, at the address that you answer to `listen`",
        client="make the call at its target, and answer with what the library gave, no more and no less",
        section="Call and observation",
        needed=True,
    ),
    Step(
        name="four modes",
        take=lambda walk: walk.calls(MODES),
        server="serve all four methods, as users.proto says",
        client="take each step of the script in the mode of its call",
        section="Steps",
    ),
    Step(
        name="plans",
        take=lambda walk: walk.calls(PLANS),
        server="for a call with that interop-call-id, take the plan's steps in place of the UserService code",
        client="tell status, details and metadata as the library gave them; an `await` goes on with its `release`",
        section="Plan and view",
    ),
    Step(
        name="handler's view",
        take=lambda walk: walk.views(VIEWS),
        server="answer `collect` with what the handler saw, for calls without a plan too",
        client="send exactly what the script says, and cancel when it says so",
        section="Plan and view",
    ),
    Step(
        name="honest unsupported",
        take=lambda walk: walk.honesty(),
        server=_HONEST,
        client=_HONEST,
        section="Lines",
    ),
    Step(
        name="survives a burst",
        take=lambda walk: walk.burst([*MODES, *PLANS]),
        server=_BESIDE,
        client=_BESIDE,
        section="Lines",
    ),
)


def walk_and_tell(every: dict[str, Implementation], name: str, other: str, logs: Path = LOGS) -> int:
    """Prints a line a step; 0 where none is not ok. Raises ``InputInvalid`` for names that are not there."""
    if name not in every:
        raise InputInvalid("smoke", f"implementation {name!r}", ", ".join(every), nearest(name, every))
    ends = Ends(
        entries=every,
        name=name,
        client=_other(every, name, other, "client") if plays(every[name], "server") else "",
        server=_other(every, name, other, "server") if plays(every[name], "client") else "",
    )
    shutil.rmtree(logs, ignore_errors=True)
    logs.mkdir(parents=True)
    return asyncio.run(_tell(ends, logs))


def _other(every: dict[str, Implementation], name: str, asked: str, role: str) -> str:
    """Who plays that role opposite the implementation; by itself the first that keeps the contract."""
    able = [one for one, entry in every.items() if getattr(entry, role) and not entry.address]
    if asked and asked not in able:
        raise InputInvalid("--with", f"{asked!r} as a {role}", ", ".join(able), nearest(asked, able))
    return asked or next(one for one in able if one != name)


async def _tell(ends: Ends, logs: Path) -> int:
    groups = dict.fromkeys(name.split("/")[1] for name in VIEWS)
    written = [case for group in groups for case in cases.read_file(cases.SHIPPED / f"{group}.yaml")]
    walk = Walk(ends, {case.id: case for case in written}, logs)
    failed = False
    try:
        for step in STEPS:
            seen = _LATER if failed else await _taken(step, walk)
            print(f"{seen.kind:<7}  {step.name:<{_WIDTH}}  {texts.printable(seen.text)}", flush=True)
            if seen.kind == "not ok":
                failed = True
                for role in ends.roles:
                    print(f"  next: as a {role}, {getattr(step, role)}")
                print(f'  read: interop/README.md, "{step.section}"')
                print(f"  logs: {logs}/{ends.name}.*.log", flush=True)
    finally:
        await walk.close()
    return 1 if failed else 0


_LATER = Seen(kind="skipped", text="until the step above is ok")
_WIDTH = max(len(step.name) for step in STEPS)


async def _taken(step: Step, walk: Walk) -> Seen:
    seen = await step.take(walk)
    return Seen(kind="not ok", text=seen.text) if step.needed and seen.kind == "skipped" else seen
