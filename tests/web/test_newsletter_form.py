"""Signing up and confirming, from the browser's side."""

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from models import Consent, ConsentAct, Database, QueuedMail, Subscriber, SubscriberState
from newsletter.subscription import CONFIRM_WITHIN, confirm_token
from templates.languages import catalogue
from tests.web.visitor import KEYS, NOW, dump, visitor


def sign_up(
    client: TestClient, address: str = "delegate@example.org", language: str = "fr", **more: str
) -> tuple[int, str]:
    """Fill the form in as a browser does, and give the status and the page."""
    fields = re.findall(r'<(?:input|select) [^>]*name="([^"]*)"', client.get("/newsletter").text)
    answer = client.post(
        "/newsletter", data=dict.fromkeys(fields, "") | {"address": address, "language": language} | more
    )
    return answer.status_code, answer.text


def confirm_address(database: Database) -> str:
    """The link of the newest confirmation mail."""
    with database.reading() as session:
        mail = session.scalars(select(QueuedMail).order_by(QueuedMail.id.desc())).first()
        assert mail is not None
        reader = session.get_one(Subscriber, mail.subscriber_id)
        return f"/c/{confirm_token(KEYS, mail, reader)}"


def states(database: Database) -> list[tuple[str, str, SubscriberState]]:
    """Every subscriber with language and state."""
    with database.reading() as session:
        rows = session.scalars(select(Subscriber).order_by(Subscriber.address))
        return [(row.address, row.language, row.state) for row in rows]


def test_form_has_the_fields_of_the_contract(sqlite_database: Database) -> None:
    """One form, posted to itself, with `address` of type email and `language`."""
    text = visitor(sqlite_database).get("/newsletter").text
    assert re.findall(r'<form [^>]*method="post"[^>]*>', text) == [
        '<form class="form" method="post" action="/newsletter">'
    ]
    assert re.findall(r'<input id="address" name="address" type="email"', text) != []
    assert re.findall(r'<option value="([^"]*)"', text) == ["en", "fr", "es", "ar"]


def test_signing_up_and_confirming(database: Database) -> None:
    """The whole way: form, mail, page with a button, button; each step recorded as consent."""
    client = visitor(database)
    status, asked = sign_up(client)
    assert (status, states(database)) == (200, [("delegate@example.org", "fr", SubscriberState.PENDING)])
    assert "Look into your mail" in asked
    link = confirm_address(database)
    page = client.get(link)
    assert (page.status_code, states(database)[0][2]) == (200, SubscriberState.PENDING)
    assert f'action="{link}"' in page.text
    done = client.post(link)
    assert (done.status_code, states(database)[0][2]) == (200, SubscriberState.CONFIRMED)
    assert client.post(link).status_code == 200
    with database.reading() as session:
        acts = session.scalars(select(Consent.act).order_by(Consent.id)).all()
    assert acts == [ConsentAct.ASKED, ConsentAct.CONFIRMED]


def test_answer_is_the_same_whether_an_address_is_known(database: Database) -> None:
    """Nobody learns from the form who reads the letter: byte for byte the same page, whatever the state."""
    client = visitor(database)
    first = sign_up(client)
    pending = sign_up(client)
    client.post(confirm_address(database))
    confirmed = sign_up(client)
    over_the_limit = [sign_up(client) for _ in range(3)]
    assert [pending, confirmed, *over_the_limit] == [first] * 5
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(QueuedMail)) == 3


def test_programs_that_fill_in_everything_are_left_alone(database: Database) -> None:
    """What fills the hidden field gets the same answer, and nothing is kept."""
    client = visitor(database)
    before = dump(database)
    trapped = sign_up(client, homepage="https://spam.example")
    assert dump(database) == before
    assert trapped == sign_up(client)


@pytest.mark.parametrize(
    "address", ["", "nobody", "a@b@", "two words@example.org", "a\r\nBcc: b@example.org@c"]
)
def test_bad_address_comes_back_with_the_reason(database: Database, address: str) -> None:
    """The reason stands beside the field, tied to it for a screen reader, and what was typed is kept."""
    before = dump(database)
    status, text = sign_up(visitor(database), address=address, language="es")
    assert (status, dump(database)) == (422, before)
    assert 'aria-invalid="true" aria-describedby="address-wrong"' in text
    assert re.findall(r'<p class="wrong" id="address-wrong" role="alert">[^<]+</p>', text) != []
    assert '<option value="es" lang="es" selected>' in text


REFUSED = {
    "": "The address is missing; write it like name@example.org.",
    "nobody": '"%(text)s" is not an address; write it like name@example.org.',
    "a..b@x.example": '"%(text)s" is not an address: the part before the @ cannot be used.',
    "a@localhost": '"%(text)s" is not an address: its domain is not complete.',
    "a@-x-.example": '"%(text)s" is not an address: its domain cannot exist.',
    "a@192.0.2": '"%(text)s" is not an address: a domain has a name, not a number.',
    f"{'x' * 65}@y.example": '"%(text)s" is too long for an address.',
}


@pytest.mark.parametrize("prefix", ["", "/fr", "/es", "/ar"])
def test_reason_is_said_in_the_language_of_the_page(sqlite_database: Database, prefix: str) -> None:
    """Each sentence in which an address is refused, with what was typed kept apart in Arabic."""
    client, said = visitor(sqlite_database), catalogue(prefix[1:] or "en").gettext
    for typed, sentence in REFUSED.items():
        text = client.post(f"{prefix}/newsletter", data={"address": typed, "language": "en"}).text
        shown = typed if len(typed) <= 60 else typed[:60] + "…"
        values = {"text": f"\u2068{shown}\u2069" if prefix == "/ar" else shown}
        beside = re.findall(r'<p class="wrong" id="address-wrong" role="alert">([^<]*)</p>', text)
        assert [unescape(one) for one in beside] == [said(sentence) % values if typed else said(sentence)]
        assert (said(sentence) == sentence) == (not prefix)
        assert f'aria-describedby="address-wrong" autofocus value="{typed}"' in text


def test_unknown_language_becomes_english(database: Database) -> None:
    """A language that is not offered is not kept."""
    sign_up(visitor(database), language="tlh")
    assert states(database) == [("delegate@example.org", "en", SubscriberState.PENDING)]


@pytest.mark.parametrize("body", [b"\xff\xfe%%%", b"address=%00&language", b"address[]=a@example.org"])
def test_hostile_bodies_are_refused_like_a_bad_address(database: Database, body: bytes) -> None:
    """Whatever is posted, the answer is a page with the reason, and nothing is kept."""
    before = dump(database)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = visitor(database).post("/newsletter", content=body, headers=headers)
    assert (answer.status_code, dump(database)) == (422, before)


def test_large_body_is_not_read(sqlite_database: Database) -> None:
    """More than a form can be is refused, announced or not."""
    client = visitor(sqlite_database)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    announced = client.post("/newsletter", content=b"a" * 100_000, headers=headers)
    streamed = client.post("/newsletter", content=(b"a" * 10_000 for _ in range(10)), headers=headers)
    assert [announced.status_code, streamed.status_code] == [413, 413]


def test_confirmation_ends_after_seven_days(database: Database) -> None:
    """A link that waited too long says how to get a new one, and confirms nothing."""
    sign_up(visitor(database))
    link = confirm_address(database)
    late = visitor(database, now=NOW + CONFIRM_WITHIN + timedelta(seconds=1))
    answers = [late.get(link), late.post(link), late.get("/c/AAAAAAAAAAAAAAAAAAAAAA"), late.post("/c/x")]
    assert [answer.status_code for answer in answers] == [200] * 4
    again = [catalogue(language).gettext("Sign up again") for language in ("fr", "en")]
    assert [[words in answer.text for words in again] for answer in answers] == [
        *([[True, False]] * 2),  # in the reader's language
        *([[False, True]] * 2),  # nobody's
    ]
    assert states(database)[0][2] is SubscriberState.PENDING


def test_pages_of_readers_are_kept_by_nobody(database: Database) -> None:
    """An address that is a secret is not cached, not indexed, and not told to the next site."""
    sign_up(visitor(database))
    headers = visitor(database).get(confirm_address(database)).headers
    assert (headers["cache-control"], headers["referrer-policy"], headers["x-robots-tag"]) == (
        "private, no-store",
        "no-referrer",
        "noindex, nofollow",
    )
