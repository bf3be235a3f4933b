"""Choosing the language of the letter."""

from sqlalchemy import select

from models import Database, Subscriber, SubscriberState
from newsletter.links import Purpose, make_token
from tests.web.visitor import KEYS, NOW, dump, visitor


def a_link(database: Database) -> str:
    """Keep a reader of the French letter, and give the address of their preferences."""
    with database.writing() as session:
        reader = Subscriber(
            address="delegate@example.org",
            address_key="delegate@example.org",
            language="fr",
            state=SubscriberState.CONFIRMED,
            created_at=NOW,
        )
        session.add(reader)
        session.flush()
        token = make_token(KEYS, Purpose.PREFERENCES, row=reader.id, address_key=reader.address_key)
    return f"/p/{token}"


def test_language_is_chosen_by_a_post_alone(database: Database) -> None:
    """The page shows the languages in the reader's own; only the button changes it."""
    link = a_link(database)
    client = visitor(database)
    before = dump(database)
    shown = client.get(f"{link}?language=es")
    assert ('<html lang="fr"' in shown.text, dump(database)) == (True, before)
    assert '<option value="fr" lang="fr" selected>' in shown.text
    chosen = client.post(link, data={"language": "ar"})
    assert (chosen.status_code, '<html lang="ar" dir="rtl">' in chosen.text) == (200, True)
    with database.reading() as session:
        assert session.scalars(select(Subscriber.language)).all() == ["ar"]


def test_language_not_offered_and_unknown_link_change_nothing(database: Database) -> None:
    """Nothing that is posted to a wrong link, or with a wrong language, changes a row."""
    link = a_link(database)
    before = dump(database)
    client = visitor(database)
    answers = [
        client.post(link, data={"language": "tlh"}),
        client.post(link),
        client.post("/p/AAAAAAAAAAAAAAAAAAAAAA", data={"language": "es"}),
        client.post(link.replace("/p/", "/p/A")[:25], data={"language": "es"}),
    ]
    assert ([answer.status_code for answer in answers], dump(database)) == ([200] * 4, before)
