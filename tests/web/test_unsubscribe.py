"""Leaving, from the side of a mail program and of a person."""

import asyncio
import socket
import tracemalloc
from collections.abc import Callable, MutableMapping
from datetime import timedelta
from http.client import HTTPConnection
from typing import Any

import pytest
from sqlalchemy import select

from models import Consent, ConsentAct, Database, Subscriber, SubscriberState, Suppression
from newsletter.links import Purpose, make_token
from tests.journeys.house import until
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


@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "x/y"]
)
@pytest.mark.parametrize("announced", [True, False])
def test_body_of_any_size_leaves(
    sqlite_database: Database, serve: Callable[..., str], kind: str, *, announced: bool
) -> None:
    """Ten megabytes, with their length or in chunks: 200 over a real connection, read to the end."""
    link = a_reader(sqlite_database)
    size = 10_000_000
    port = int(serve(sqlite_database).rpartition(":")[2])
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    length = {"Content-Length": str(size)} if announced else {}
    pieces = (b"a" * 100_000 for _ in range(size // 100_000))
    connection.request(
        "POST", link, body=pieces, headers={"Content-Type": kind, **length}, encode_chunked=not announced
    )
    answer = connection.getresponse()
    assert (answer.status, b"You have left" in answer.read()) == (200, True)
    assert state(sqlite_database) is SubscriberState.LEFT
    # The bytes were read off the connection, so the next request on it is understood.
    connection.request("GET", "/healthz")
    assert connection.getresponse().status == 200
    connection.close()


def test_body_of_any_size_is_not_kept_in_memory(sqlite_database: Database) -> None:
    """Of fifty megabytes, never more than a form's worth is held."""
    link = a_reader(sqlite_database)
    client = visitor(sqlite_database)
    client.get(link)
    statuses: list[int] = []
    pieces = 1000

    async def receive() -> dict[str, object]:
        nonlocal pieces
        pieces -= 1
        return {"type": "http.request", "body": bytes(50_000), "more_body": pieces > 0}

    async def send(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    scope = {"type": "http", "method": "POST", "path": link, "query_string": b"", "headers": []}

    async def answer() -> None:
        await client.app({**scope, "http_version": "1.1"}, receive, send)

    tracemalloc.start()
    asyncio.run(answer())
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (statuses, pieces) == ([200], 0)
    assert most < 5_000_000


def test_request_that_breaks_off_has_left(sqlite_database: Database, serve: Callable[..., str]) -> None:
    """A mail program that announces more than it sends, and goes, has asked to leave all the same."""
    link = a_reader(sqlite_database)
    port = int(serve(sqlite_database).rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)) as connection:
        head = f"POST {link} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nList-Unsub"
        connection.sendall(head.encode())
    until(lambda: state(sqlite_database) is SubscriberState.LEFT, seconds=10, what="the reader has left")
