"""What replies mean: one table, whose whole surface is named here."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.replies import Phase, Reply, Verdict, asked_wait, asks_for_less, judge, minds_us


@pytest.mark.parametrize(
    ("phase", "code", "verdict"),
    [
        (Phase.MAIL, 250, Verdict.GO_ON),
        (Phase.MAIL, 421, Verdict.RELAY_FAULT),
        (Phase.MAIL, 452, Verdict.RELAY_FAULT),
        (Phase.MAIL, 530, Verdict.RELAY_FAULT),
        (Phase.MAIL, 550, Verdict.RELAY_FAULT),
        (Phase.MAIL, 354, Verdict.NONSENSE),
        (Phase.RCPT, 250, Verdict.GO_ON),
        (Phase.RCPT, 251, Verdict.GO_ON),
        (Phase.RCPT, 421, Verdict.DEFERRED),
        (Phase.RCPT, 450, Verdict.DEFERRED),
        (Phase.RCPT, 451, Verdict.DEFERRED),
        (Phase.RCPT, 452, Verdict.DEFERRED),
        (Phase.RCPT, 503, Verdict.RELAY_FAULT),
        (Phase.RCPT, 530, Verdict.RELAY_FAULT),
        (Phase.RCPT, 550, Verdict.REJECTED),
        (Phase.RCPT, 553, Verdict.REJECTED),
        (Phase.DATA, 354, Verdict.GO_ON),
        (Phase.DATA, 250, Verdict.NONSENSE),
        (Phase.DATA, 451, Verdict.DEFERRED),
        (Phase.DATA, 554, Verdict.REJECTED),
        (Phase.BODY, 250, Verdict.ACCEPTED),
        (Phase.BODY, 421, Verdict.DEFERRED),
        (Phase.BODY, 452, Verdict.DEFERRED),
        (Phase.BODY, 552, Verdict.REJECTED),
        (Phase.BODY, 354, Verdict.NONSENSE),
    ],
)
def test_verdict(phase: Phase, code: int, verdict: Verdict) -> None:
    """A reply before the server heard of the reader is the relay's matter; after that it is the reader's."""
    assert judge(phase, Reply(code, "")) is verdict


@given(st.sampled_from(Phase), st.integers(-1, 999))
def test_verdict_never_takes_a_failure_for_success(phase: Phase, code: int) -> None:
    """Only a 2xx to the body is an acceptance, and no 4xx or 5xx is anything but an end."""
    verdict = judge(phase, Reply(code, ""))
    assert (verdict is Verdict.ACCEPTED) == (phase is Phase.BODY and 200 <= code <= 299)
    if 400 <= code <= 599:
        assert verdict in {Verdict.DEFERRED, Verdict.REJECTED, Verdict.RELAY_FAULT}


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("4.7.1 Greylisted, please try again in 300 seconds", 300),
        ("4.2.0 try again in 5 minutes", 300),
        ("4.7.0 Retry after 2 h", 7200),
        ("4.2.0 Greylisted for 00:04:30", 270),
        ("4.2.2 Mailbox full", None),
        ("4.7.0 try again later", None),
        ("550 5.1.1 user 12 minutes unknown", None),
    ],
)
def test_wait_a_server_asks_for(text: str, seconds: float | None) -> None:
    """A wait is read only where the server speaks of trying again."""
    assert asked_wait(Reply(451, text)) == seconds


@pytest.mark.parametrize(
    ("code", "text", "ours", "less"),
    [
        (550, "5.7.1 you are on a list", True, False),
        (554, "5.6.0 this letter is none", True, False),
        (550, "5.1.1 nobody of that name", False, False),
        (550, "blocked, 5.7.1", False, False),
        (None, "5.7.1", False, False),
        (421, "4.7.0 too many messages", False, True),
        (452, "4.2.2 mailbox full", False, False),
        (451, "4.7.1 greylisted, try again in 5 minutes", False, False),
        (450, "slow down", False, True),
        (250, "4.7.0 odd", False, False),
    ],
)
def test_what_a_refusal_is_about(code: int | None, text: str, *, ours: bool, less: bool) -> None:
    """The class in a reply tells our fault from the reader's, and too quick a pace from one full box."""
    assert (minds_us(code, text), asks_for_less(code, text)) == (ours, less)
