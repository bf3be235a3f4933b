"""A reader's own choices: language, address, what is kept, erasure."""

from sqlalchemy import select

from models import AddressChange, Database, QueuedMail, Subscriber, SubscriberState, SuppressionReason
from newsletter.address_change import change_token
from newsletter.links import Purpose, make_token
from newsletter.reader_mails import mail_of
from newsletter.suppression import suppress
from tests.letters import HEAD
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


def newest_link(database: Database) -> str:
    """The path of the link by which the newest asked-for address is confirmed."""
    with database.reading() as session:
        change = session.scalars(select(AddressChange)).one()
        return f"/c/{change_token(KEYS, change)}"


def test_address_is_changed_by_its_new_owner(database: Database) -> None:
    """Asked for here, confirmed there; nothing changes before, and old links then only end the letter."""
    link, client = a_link(database), visitor(database)
    asked = client.post(link, data={"act": "address", "address": "Me@NEW.example"})
    assert (asked.status_code, "/fr/" in asked.text or 'lang="fr"' in asked.text) == (200, True)
    before, confirming = dump(database), newest_link(database)
    for method in ("GET", "HEAD"):
        assert client.request(method, confirming).status_code == 200
    assert dump(database) == before
    with database.reading() as session:
        reader = session.scalars(select(Subscriber)).one()
        assert reader.address == "delegate@example.org"
        leaving = make_token(KEYS, Purpose.UNSUBSCRIBE, row=reader.id, address_key=reader.address_key)
    for _ in range(2):
        assert "nouvelle adresse" in client.post(confirming).text
    with database.reading() as session:
        reader = session.scalars(select(Subscriber)).one()
        assert (reader.address, reader.address_key) == ("Me@new.example", "me@new.example")
        rows = session.scalars(select(QueuedMail).order_by(QueuedMail.id)).all()
        told = mail_of(session, KEYS, HEAD, rows[-1])
        assert told is not None
        assert (told.recipient, b"new.example" in told.letter) == ("delegate@example.org", False)
    assert "This link is no longer valid" in client.get(link).text
    client.post(f"/u/{leaving}", data={"List-Unsubscribe": "One-Click"})
    with database.reading() as session:
        assert session.scalars(select(Subscriber.state)).all() == [SubscriberState.LEFT]


def test_suppressed_new_address_is_answered_alike(sqlite_database: Database) -> None:
    """Nobody learns by this form whose address is never written to, or whose is a reader's."""
    link, client = a_link(sqlite_database), visitor(sqlite_database)
    with sqlite_database.writing() as session:
        suppress(session, KEYS, "never@x.example", reason=SuppressionReason.COMPLAINED, now=NOW)
    answers = [
        client.post(link, data={"act": "address", "address": address}).text
        for address in ("fresh@x.example", "never@x.example")
    ]
    assert answers[0] == answers[1]
    with sqlite_database.reading() as session:
        assert [row.message for row in session.scalars(select(QueuedMail))] == ["new_address"]
    wrong = client.post(link, data={"act": "address", "address": "nobody"})
    assert (wrong.status_code, "« nobody » n’est pas une adresse" in wrong.text.replace("\u202f", " ")) == (
        422,
        True,
    )
    same = client.post(link, data={"act": "address", "address": "DELEGATE@example.org"})
    assert (same.status_code, "déjà" in same.text) == (422, True)


def test_reader_takes_their_data(sqlite_database: Database) -> None:
    """One file with all that is kept, kept by nobody on the way; taking it changes nothing."""
    link, client = a_link(sqlite_database), visitor(sqlite_database)
    before = dump(sqlite_database)
    answer = client.post(link, data={"act": "data"})
    assert answer.json()["address"] == "delegate@example.org"
    assert "attachment" in answer.headers["content-disposition"]
    assert (answer.headers["cache-control"], dump(sqlite_database)) == ("private, no-store", before)


def test_reader_erases_themselves(database: Database) -> None:
    """By a button and a yes beside it; then no row has the address, and the page speaks their language."""
    link, client = a_link(database), visitor(database)
    before = dump(database)
    assert client.post(link, data={"act": "erase"}).status_code == 422
    assert dump(database) == before
    answer = client.post(link, data={"act": "erase", "sure": "yes"})
    assert (answer.status_code, '<html lang="fr"' in answer.text) == (200, True)
    assert "delegate" not in str(dump(database))
    assert client.get(link).status_code == 200
