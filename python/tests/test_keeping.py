from __future__ import annotations

from users import users_pb2
from userservice import services
from userservice.contract import signals, views
from userservice.contract.messages import Batch
from userservice.contract.requests import Plan
from userservice.contract.signals import Marks, Signal
from userservice.contract.views import Attempt, Views, peer_address
from userservice.threads.feed import Feed

METHOD = services.METHODS["/users.UserService/GetUser"]
OTHER = services.METHODS["/users.UserService/ListUsers"]


def attempt(call_id: str = "c1") -> Attempt:
    return Attempt(call_id=call_id, method=METHOD, plan=None, metadata=[], peer="p", deadline_ms=None)


def test_a_plan_is_in_force_for_its_method_until_it_is_collected() -> None:
    known, plan = Views(), Plan(id="1", call_id="c1", method=METHOD, steps=())
    known.plan(plan)
    assert (known.plan_for("c1", METHOD), known.plan_for("c1", OTHER), known.plan_for("c2", METHOD)) == (
        plan, None, None,
    )  # fmt: skip
    known.collect("c1")
    assert known.plan_for("c1", METHOD) is None


def test_a_collector_is_called_when_every_begun_attempt_is_over() -> None:
    known, called = Views(), list[str]()
    assert not known.watch("c1", 1, lambda: called.append("first"))
    over = [known.begin(attempt()), known.begin(attempt())]
    over[0]()
    assert called == []
    over[1]()
    assert called == ["first"]
    assert known.watch("c1", 2, lambda: None)
    assert len(known.collect("c1")) == 2


def test_an_attempt_that_is_still_running_says_what_the_library_says_now() -> None:
    known, running = Views(), attempt()
    running.ask_context = lambda: "cancelled"
    known.begin(running)
    (view,) = known.collect("c1")
    assert (view["left"], view["context"]) == ("running", "cancelled")


def test_late_attempts_and_releases_that_nobody_asks_for_are_bounded() -> None:
    known, marks = Views(), Marks()
    for number in range(views.KEPT + 10):
        known.begin(attempt(f"c{number}"))()
    for number in range(signals.KEPT + 10):
        marks.signal(f"c{number}", "m").fire()
    assert (len(known._calls), len(marks._signals)) == (views.KEPT, signals.KEPT)


def test_a_release_may_come_before_anybody_awaits_it() -> None:
    marks, told = Marks(), list[int]()
    marks.signal("c1", "m").fire()
    marks.signal("c1", "m").tell(lambda: told.append(1))
    assert told == [1]


def test_a_signal_happens_once() -> None:
    signal, told = Signal(), list[int]()
    signal.tell(lambda: told.append(1))
    signal.fire()
    at = signal.at
    signal.fire()
    assert (told, signal.at) == ([1], at)


def test_a_send_is_done_when_the_library_took_its_last_message() -> None:
    feed, message = Feed(), users_pb2.UserRequest()
    taken = feed.put(Batch(2, message))
    feed.close()
    requests = iter(feed)
    assert (next(requests), taken.fired) == (message, False)
    assert (next(requests), taken.fired) == (message, True)
    assert list(requests) == []


def test_a_peer_is_an_address() -> None:
    assert peer_address("ipv4:127.0.0.1:5") == "127.0.0.1:5"
    assert peer_address("ipv6:%5B::1%5D:5") == "[::1]:5"
