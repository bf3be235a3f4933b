"""Readers from files: row by row, as often as you like, and nobody who left comes back."""

from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from sqlalchemy import select

from models import (
    Consent,
    ConsentAct,
    Database,
    QueuedMail,
    RecipientKind,
    Subscriber,
    SubscriberState,
    SuppressionReason,
)
from newsletter.importing import Imported, import_rows, portions
from newsletter.readers_file import UnreadableFile, read_rows, write_readers
from newsletter.subscription import leave_reader
from newsletter.suppression import suppress
from tests.letters import KEYS, NOW, add_readers

LANGUAGES = ("en", "fr")


def take(database: Database, path: Path, *, is_confirmed: bool = True) -> Imported:
    """Import a file."""
    report = Imported()
    for rows in portions(read_rows(path)):
        with database.writing() as session:
            import_rows(
                session,
                KEYS,
                rows,
                languages=LANGUAGES,
                is_confirmed=is_confirmed,
                source=path.name,
                now=NOW,
                report=report,
            )
    return report


def file_of(folder: Path, text: str, *, encoding: str = "utf-8") -> Path:
    """Write a file."""
    path = folder / "readers.csv"
    path.write_text(text, encoding=encoding, newline="")
    return path


def test_file_is_taken_row_by_row(database: Database, tmp_path: Path) -> None:
    """Good rows are taken, each bad one is told with its line; consent is kept with its source."""
    path = file_of(
        tmp_path,
        "address,language,name,kind,organisation\n"
        "amina@example.org,fr,Amina Diallo,circulation,Mission of Guinea\n"
        "\n"
        "not an address,en,,,\n"
        "jean@example.org,xx,,,\n"
        "x@example.org,en,,postman,\n"
        "AMINA@example.org,en,,,\n"
        "desk@example.org,,,,\n",
    )
    report = take(database, path)
    assert (report.added, report.already, report.kept_unsubscribed) == (2, 1, 0)
    assert report.refused == [
        (4, '"not an address" is not an address; write it like name@example.org.'),
        (5, "the letter has no language 'xx' (choose among en, fr)"),
        (6, "kind is subscription or circulation, not 'postman'"),
    ]
    with database.reading() as session:
        readers = session.scalars(select(Subscriber).order_by(Subscriber.id)).all()
        assert [
            (one.address, one.language, one.state, one.name, one.kind, one.organisation) for one in readers
        ] == [
            (
                "amina@example.org",
                "fr",
                SubscriberState.CONFIRMED,
                "Amina Diallo",
                RecipientKind.CIRCULATION,
                "Mission of Guinea",
            ),
            ("desk@example.org", "en", SubscriberState.CONFIRMED, None, RecipientKind.SUBSCRIPTION, None),
        ]
        consents = session.execute(select(Consent.act, Consent.source)).all()
        assert [tuple(one) for one in consents] == [(ConsentAct.RECORDED, "readers.csv")] * 2
        assert session.scalars(select(QueuedMail)).all() == []


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("address,language\na@example.org,fr\n", "utf-8"),
        ("address,language\r\na@example.org,fr\r\n", "utf-8-sig"),
        ("Language;ADDRESS\nfr;a@example.org\n", "utf-8-sig"),
        ("address\tlanguage\tremarks\na@example.org\tfr\twhatever\n", "utf-8"),
        ('"address","language"\n"a@example.org","FR"\n', "utf-8"),
    ],
)
def test_file_as_programs_write_it(
    sqlite_database: Database, tmp_path: Path, text: str, encoding: str
) -> None:
    """Byte order mark, semicolons, tabs, quotes, order and case of columns make no difference."""
    report = take(sqlite_database, file_of(tmp_path, text, encoding=encoding))
    assert (report.added, report.refused) == (1, [])
    with sqlite_database.reading() as session:
        one = session.scalars(select(Subscriber)).one()
        assert (one.address, one.language) == ("a@example.org", "fr")


def test_import_can_be_repeated(sqlite_database: Database, tmp_path: Path) -> None:
    """A second run changes nothing and sends nothing."""
    path = file_of(tmp_path, "address\n" + "".join(f"r{i}@example.org\n" for i in range(1200)))
    assert take(sqlite_database, path, is_confirmed=False).added == 1200
    report = take(sqlite_database, path, is_confirmed=False)
    assert (report.added, report.already) == (0, 1200)
    with sqlite_database.reading() as session:
        assert len(session.scalars(select(QueuedMail.id)).all()) == 1200
        assert set(session.scalars(select(Subscriber.state))) == {SubscriberState.PENDING}


@pytest.mark.parametrize("is_confirmed", [True, False])
def test_who_left_is_kept_unsubscribed(database: Database, tmp_path: Path, *, is_confirmed: bool) -> None:
    """Neither import brings back who left, bounced, or was erased; nobody is even written to."""
    with database.writing() as session:
        add_readers(session, 1, name="left")
        leave_reader(session, KEYS, session.scalars(select(Subscriber)).one(), source="link", now=NOW)
        add_readers(session, 1, name="bounced", state=SubscriberState.BOUNCED)
        suppress(session, KEYS, "erased@example.org", reason=SuppressionReason.ERASED, now=NOW)
    path = file_of(
        tmp_path, "address\nLEFT1@example.org\nbounced1@example.org\nerased@example.org\nnew@example.org\n"
    )
    report = take(database, path, is_confirmed=is_confirmed)
    assert (report.added, report.kept_unsubscribed) == (1, 3)
    with database.reading() as session:
        found = session.execute(select(Subscriber.address, Subscriber.state).order_by(Subscriber.address))
        assert dict(found.all()) == {
            "bounced1@example.org": SubscriberState.BOUNCED,
            "left1@example.org": SubscriberState.LEFT,
            "new@example.org": SubscriberState.CONFIRMED if is_confirmed else SubscriberState.PENDING,
        }
        assert len(session.scalars(select(QueuedMail)).all()) == (0 if is_confirmed else 1)


def test_export_into_an_empty_database_revives_nobody(sqlite_database: Database, tmp_path: Path) -> None:
    """Our own export can be imported elsewhere: readers come along, who left does not."""
    with sqlite_database.writing() as session:
        add_readers(session, 2, language="fr")
        add_readers(session, 1, name="left", state=SubscriberState.LEFT)
        file = StringIO()
        assert write_readers(session, file) == 3
        for reader in session.scalars(select(Subscriber)):
            session.delete(reader)
    report = take(sqlite_database, file_of(tmp_path, file.getvalue()))
    assert (report.added, report.kept_unsubscribed, report.refused) == (2, 1, [])
    with sqlite_database.reading() as session:
        assert set(session.scalars(select(Subscriber.language))) == {"fr"}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"mail,language\na@example.org,en\n", "has no column address"),
        (b"", "has no column address"),
        (b"address\n\xff\xfe\x00", "is not a CSV file in UTF-8"),
    ],
)
def test_file_that_cannot_be_read(tmp_path: Path, content: bytes, sentence: str) -> None:
    """A file that is none of readers is refused with what it should be."""
    path = tmp_path / "readers.csv"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=sentence):
        list(read_rows(path))


def test_missing_file(tmp_path: Path) -> None:
    """A file that is not there is named."""
    with pytest.raises(UnreadableFile, match=r"cannot be read: no such file or directory\.$"):
        list(read_rows(tmp_path / "none.csv"))


def test_pending_reader_confirmed_by_import(sqlite_database: Database, tmp_path: Path) -> None:
    """Who waits for confirming and is in a file of consenting readers becomes one."""
    path = file_of(tmp_path, "address\na@example.org\n")
    take(sqlite_database, path, is_confirmed=False)
    assert take(sqlite_database, path).added == 1
    with sqlite_database.reading() as session:
        one = session.scalars(select(Subscriber)).one()
        assert (one.state, one.confirmed_at) == (SubscriberState.CONFIRMED, NOW)
        assert one.created_at <= NOW + timedelta()
