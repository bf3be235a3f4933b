"""Leaving, from the side of a mail program and of a person."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models import Consent, ConsentAct, Database, Subscriber, SubscriberState, Suppression
from newsletter.links import Purpose, make_token
from tests.web.visitor import KEYS, NOW, dump, visitor

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def a_reader(
    database: Database, language: str = "en", state: SubscriberState = SubscriberState.CONFIRMED
) -> str:
    """Keep somebody who gets the letter, and give the address of their link."""
    with database.writing() as session:
        reader = Subscriber(
            address="Delegate@example.org",
            address_key="delegate@example.org",
            language=language,
            state=state,
            created_at=NOW,
            confirmed_at=NOW if state is SubscriberState.CONFIRMED else None,
        )
        session.add(reader)
        session.flush()
        token = make_token(KEYS, Purpose.UNSUBSCRIBE, row=reader.id, address_key=reader.address_key)
    return f"/u/{token}"


def state(database: Database) -> SubscriberState:
    """How the one subscriber stands."""
    with database.reading() as session:
        return session.scalars(select(Subscriber)).one().state


def test_scanners_that_open_the_link_change_nothing(database: Database) -> None:
    """GET and HEAD, as often as one likes, leave everything as it was."""
    link = a_reader(database)
    before = dump(database)
    client = visitor(database)
    answers = [
        client.get(link),
        client.head(link),
        client.get(link),
        client.get(f"{link}?List-Unsubscribe=One-Click"),
    ]
    assert ([answer.status_code for answer in answers], dump(database)) == ([200] * 4, before)


@pytest.mark.parametrize("form", ["urlencoded", "multipart", "nothing", "broken"])
def test_one_post_leaves(database: Database, form: str) -> None:
    """RFC 8058: one POST, urlencoded or multipart; 200 at once, without redirect and without cookie."""
    link = a_reader(database)
    client = visitor(database)
    match form:
        case "urlencoded":
            answer = client.post(link, data=ONE_CLICK)
        case "multipart":
            answer = client.post(link, files={"List-Unsubscribe": (None, "One-Click")})
        case "nothing":
            answer = client.post(link)
        case _:
            headers = {"Content-Type": "multipart/form-data; boundary=x"}
            answer = client.post(link, content=b"--y\r\nnonsense", headers=headers)
    assert (answer.status_code, "set-cookie" in answer.headers) == (200, False)
    assert state(database) is SubscriberState.LEFT
    with database.reading() as session:
        assert len(session.scalars(select(Suppression)).all()) == 1


def test_leaving_can_be_repeated_for_ever(database: Database) -> None:
    """The same POST again, years later too, answers 200 and adds nothing."""
    link = a_reader(database)
    visitor(database).post(link, data=ONE_CLICK)
    after_first = dump(database)
    later = visitor(database, now=NOW + timedelta(days=4000)).post(link, data=ONE_CLICK)
    assert (later.status_code, dump(database)) == (200, after_first)


@pytest.mark.parametrize("token", ["AAAAAAAAAAAAAAAAAAAAAA", "x", "%00", "é" * 22, "A" * 2000])
def test_unknown_token_is_answered_like_a_known_one(database: Database, token: str) -> None:
    """Nobody learns which tokens exist, and no mail program believes that leaving failed."""
    a_reader(database)
    before = dump(database)
    client = visitor(database)
    assert [
        client.get(f"/u/{token}").status_code,
        client.post(f"/u/{token}", data=ONE_CLICK).status_code,
    ] == [200, 200]
    assert dump(database) == before


def test_tampered_token_leaves_nobody(database: Database) -> None:
    """Every single changed letter of a link makes it nobody's."""
    link = a_reader(database)
    client = visitor(database)
    for at in range(len("/u/"), len(link)):
        other = "A" if link[at] != "A" else "B"
        client.post(f"{link[:at]}{other}{link[at + 1 :]}", data=ONE_CLICK)
    assert state(database) is SubscriberState.CONFIRMED


def test_leaving_by_mistake_can_be_undone_for_half_an_hour(database: Database) -> None:
    """The button brings the reader back for 30 minutes, and not a second longer."""
    link = a_reader(database)
    left = visitor(database).post(link, data=ONE_CLICK)
    assert 'name="act" value="undo"' in left.text
    too_late = visitor(database, now=NOW + timedelta(minutes=30, seconds=1))
    assert "The 30 minutes are over" in too_late.post(link, data={"act": "undo"}).text
    assert 'value="undo"' not in too_late.get(link).text
    assert state(database) is SubscriberState.LEFT
    in_time = visitor(database, now=NOW + timedelta(minutes=30))
    assert "You are back" in in_time.post(link, data={"act": "undo"}).text
    assert state(database) is SubscriberState.CONFIRMED
    with database.reading() as session:
        acts = session.scalars(select(Consent.act).order_by(Consent.id)).all()
        assert (acts, session.scalars(select(Suppression)).all()) == (
            [ConsentAct.LEFT, ConsentAct.UNDONE],
            [],
        )


@pytest.mark.parametrize(
    ("language", "direction", "button"),
    [
        ("en", "ltr", "Leave"),
        ("fr", "ltr", "Me désinscrire"),
        ("es", "ltr", "Darme de baja"),
        ("ar", "rtl", "إلغاء الاشتراك"),
    ],
)
def test_button_is_in_the_readers_language(
    database: Database, language: str, direction: str, button: str
) -> None:
    """The page speaks the language of the letter, from right to left where that is how it runs."""
    answer = visitor(database).get(a_reader(database, language))
    assert f'<html lang="{language}" dir="{direction}">' in answer.text
    assert f'<button type="submit">{button}</button>' in answer.text
    assert answer.headers["content-language"] == language


def test_reader_with_a_language_we_do_not_offer_is_spoken_to_in_english(database: Database) -> None:
    """An import may bring any language; the link works all the same."""
    assert '<html lang="en" dir="ltr">' in visitor(database).get(a_reader(database, "tlh")).text
