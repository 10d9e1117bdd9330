"""What a case needs of a server beyond its address: in, a Case; out, the need in words, or the case without it. Pure.

A server that knows nothing of the contract can't be given a plan, can't be configured, and can't say what its handler
saw. What is left to judge is what the client saw.
"""

from __future__ import annotations

import msgspec

from interop.model import Case, Outcome


def needs(case: Case) -> str:
    """The first thing that only a server with a control line can give; empty where there is none."""
    if any(call.plan is not None for call in case.calls):
        return "a plan"
    if case.configuration.name != "plain":
        return f"the configuration {case.configuration.name!r}"
    if case.unspecified or any(_asks_the_handler(outcome) for call in case.calls for outcome in call.expect):
        return "the handler's view"
    return ""


def _asks_the_handler(outcome: Outcome) -> bool:
    return outcome.handler is not None and outcome.handler.asked_for


def seen_by_the_client(expect: list[Outcome]) -> list[Outcome]:
    """What is expected of a call, but for the handler's part."""
    return [msgspec.structs.replace(outcome, handler=None) for outcome in expect]
