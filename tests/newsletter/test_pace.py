"""Pace: pauses that double up to a minute, limits that hold, and trust that comes back."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from newsletter.pace import LONGEST_PAUSE, Backoff, Pace


def test_backoff_doubles_to_a_minute_and_begins_anew() -> None:
    """A connection that was lost pauses 1 s, doubling to 60; one success forgets it."""
    backoff = Backoff()
    assert [backoff.failed() for _ in range(8)] == [1, 2, 4, 8, 16, 32, 60, 60]
    backoff.succeeded()
    assert backoff.failed() == 1


def test_backoff_honours_what_the_server_asked() -> None:
    """A longer wait that the server asked for is kept, up to a minute."""
    assert Backoff().failed(asked=10) == 10
    assert Backoff().failed(asked=3600) == LONGEST_PAUSE


def test_pace_without_limits_never_waits() -> None:
    """Nothing is slowed that nobody complained about."""
    pace = Pace()
    for _ in range(100):
        assert pace.wait("example.org", now=5.0) == 0
        pace.started("example.org", now=5.0)


@given(st.lists(st.sampled_from(["a.example", "b.example"]), min_size=1, max_size=40))
def test_pace_keeps_its_limits(domains: list[str]) -> None:
    """Letters that start when they may are never closer than the limits allow."""
    pace = Pace(per_minute=120, domain_per_minute=30)
    now = 0.0
    starts: list[tuple[float, str]] = []
    for domain in domains:
        now += pace.wait(domain, now=now)
        pace.started(domain, now=now)
        starts.append((now, domain))
    for name in ("a.example", "b.example"):
        of_domain = [at for at, domain in starts if domain == name]
        assert all(later - earlier >= 2 for earlier, later in pairwise(of_domain))
    assert all(later[0] - earlier[0] >= 0.5 for earlier, later in pairwise(starts))


def test_pace_slows_a_domain_that_says_not_now() -> None:
    """Each "not now" doubles the distance for that domain alone; acceptances take it back."""
    pace = Pace()
    waits = []
    now = 0.0
    for _ in range(12):
        for _connection in range(4):
            pace.put_off("slow.example", now=now)
        waits.append(pace.wait("slow.example", now=now))
        now += waits[-1]
    assert [round(wait, 9) for wait in waits] == [
        0.05,
        0.1,
        0.2,
        0.4,
        0.8,
        1.6,
        3.2,
        6.4,
        12.8,
        25.6,
        51.2,
        60.0,
    ]
    assert pace.wait("other.example", now=now) == 0
    for _ in range(12):
        pace.accepted("slow.example")
    pace.started("slow.example", now=now)
    assert pace.wait("slow.example", now=now) == 0


def test_pace_slows_everything_for_a_relay_that_says_not_now() -> None:
    """A "not now" of the relay itself keeps all letters apart, until it takes them again."""
    pace = Pace()
    pace.relay_put_off(now=0.0)
    pace.relay_put_off(now=0.1)
    assert pace.wait("any.example", now=0.1) == 0.1
    pace.started("any.example", now=0.2)
    assert round(pace.wait("other.example", now=0.2), 9) == 0.1
    pace.accepted("any.example")
    pace.accepted("any.example")
    pace.started("any.example", now=0.4)
    assert pace.wait("other.example", now=0.4) == 0
