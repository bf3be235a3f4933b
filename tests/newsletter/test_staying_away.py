"""Why an address is not taken on again."""

import pytest
from sqlalchemy.orm import Session

from models import Database, Subscriber, SubscriberState, SuppressionReason
from newsletter.keys import Keys
from newsletter.staying_away import why_away
from newsletter.suppression import suppress
from tests.web.visitor import NOW

KEYS = Keys("a secret for tests, long enough for them")


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        (
            SuppressionReason.LEFT,
            "Ana@a.example has unsubscribed and stays so; only its owner can sign up again.",
        ),
        (
            SuppressionReason.ERASED,
            "Ana@a.example was erased, and is not to be written to again; only its owner can sign up again.",
        ),
        (
            SuppressionReason.BOUNCED,
            (
                "Mail to Ana@a.example failed for good, so nothing is sent there; "
                "only its owner can sign up again."
            ),
        ),
        (
            SuppressionReason.COMPLAINED,
            "The owner of Ana@a.example complained of a letter; nothing is sent there again.",
        ),
        (SuppressionReason.EDITOR, "An editor decided that nothing is sent to Ana@a.example any more."),
    ],
)
def test_reason_is_that_of_the_suppression(
    database: Database, reason: SuppressionReason, sentence: str
) -> None:
    """Each suppression is told as what it is, whoever the address belonged to."""
    with database.writing() as session:
        suppress(session, KEYS, "ana@a.example", reason=reason, now=NOW)
        assert why_away(session, KEYS, "Ana@a.example") == sentence


def test_reader_without_a_suppression_is_told_by_their_state(sqlite_database: Database) -> None:
    """A reader whose mail came back before suppressions were kept is told so."""

    def reader(session: Session, state: SubscriberState) -> None:
        session.add(
            Subscriber(
                address="b@example.org",
                address_key="b@example.org",
                language="en",
                state=state,
                created_at=NOW,
            )
        )

    with sqlite_database.writing() as session:
        reader(session, SubscriberState.BOUNCED)
        session.flush()
        assert why_away(session, KEYS, "b@example.org").startswith("Mail to b@example.org failed for good")
