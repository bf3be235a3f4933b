"""Readers from files: row by row, as often as you like, and nobody who left comes back."""

import re
import tracemalloc
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
from newsletter.column_map import BadMap, read_map
from newsletter.importing import (
    Imported,
    NewReader,
    Taken,
    add_reader,
    import_rows,
    portions,
    try_rows,
)
from newsletter.readers_file import read_rows, write_readers
from newsletter.readers_text import UnreadableFile, known_encoding
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
        assert [tuple(one) for one in consents] == [
            (ConsentAct.ENTERED, "readers.csv"),
            (ConsentAct.RECORDED, "readers.csv"),
        ]
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
        (
            b"Name,E-mail,Lang\nA,a@example.org,en\n",
            '--map "address=E-mail,language=Lang,name=Name"',
        ),
        (b"x,y\n1,2\n", "Its first line must name them: address,language"),
        (b"", "has no column address"),
        (b"address\na\0b@example.org\n", "line 2 holds a zero byte"),
        (b"PK\x03\x04", "an Excel workbook or a ZIP archive, and not CSV. In Excel: Save As"),
        (b"<!DOCTYPE html><p>sign in", "is a web page"),
        (
            "address,name\na@example.org,Am\u00e9lie\n".encode("latin-1"),
            "is right as \u201ca@example.org,Am\u00e9lie\u201d, the file is in Windows-1252: import it with",
        ),
        (b'address,name\n"' + b"a@example.org\n" * 60, "A quotation mark may be open"),
        (b"address," + b"x" * 200_000, "more than 100,000 characters"),
    ],
)
def test_file_that_cannot_be_read(tmp_path: Path, content: bytes, sentence: str) -> None:
    """A file that is none of readers is refused with what it should be."""
    path = tmp_path / "readers.csv"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=re.escape(sentence)):
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


@pytest.mark.parametrize(
    ("encoding", "delimiter", "named"),
    [
        ("utf-16", "\t", None),
        ("utf-16-le", ";", None),
        ("utf-8-sig", ";", None),
        ("windows-1252", ";", "windows-1252"),
        ("latin-1", ",", "ISO-8859-1"),
    ],
)
def test_file_of_excel_is_understood(
    tmp_path: Path, encoding: str, delimiter: str, named: str | None
) -> None:
    """What Excel writes, with its own first line, is read to the letter; what cannot be told is named."""
    lines = ["sep=" + delimiter, delimiter.join(("E-mail", "Nom")), delimiter.join(("a@b.example", "Amélie"))]
    path = file_of(tmp_path, "\r\n".join(lines) + "\r\n", encoding=encoding)
    rows = list(
        read_rows(
            path,
            columns=read_map("address=e-mail, name=Nom"),
            encoding=named and known_encoding(named),
        )
    )
    assert [(row.line, row.fields) for row in rows] == [(3, {"address": "a@b.example", "name": "Amélie"})]


@pytest.mark.parametrize("text", ["E-mail", "address=", "mail=E-mail", "=x"])
def test_map_that_says_nothing(text: str) -> None:
    """A map in another form is refused with how it is written."""
    with pytest.raises(BadMap, match=r"Write it like address=E-mail,language=Lang"):
        read_map(text)


def test_map_of_a_column_that_is_not_there(tmp_path: Path) -> None:
    """The sentence names the columns there are."""
    path = file_of(tmp_path, "Mail,Lang\na@example.org,fr\n")
    with pytest.raises(BadMap, match=r'no column "E-mail"; its columns are: Mail, Lang\.'):
        list(read_rows(path, columns=read_map("address=E-mail")))


def test_dry_run_says_what_the_import_does(sqlite_database: Database, tmp_path: Path) -> None:
    """Row by row the same fates and sums as the import itself, and nothing is written."""
    with sqlite_database.writing() as session:
        suppress(session, KEYS, "gone@example.org", reason=SuppressionReason.LEFT, now=NOW)
        add_readers(session, 1)
    path = file_of(
        tmp_path,
        "address,language,kind,state\nnew@example.org,French,,\nNEW@example.org,fr,,\ngone@example.org,,,\n"
        "reader1@example.org,,,\nbad,,,\nx@example.org,fr-CH,circulation,\ny@example.org,,,left\n",
    )
    report = Imported()
    with sqlite_database.reading() as session:
        told = try_rows(
            session, KEYS, list(read_rows(path)), languages=LANGUAGES, is_confirmed=True, report=report
        )
        assert session.query(Subscriber).count() == 1
    assert [(one.line, one.language, one.taken) for one in told] == [
        (2, "fr", Taken.ADDED),
        (3, "fr", Taken.ALREADY),
        (4, "en", Taken.KEPT_UNSUBSCRIBED),
        (5, "en", Taken.ALREADY),
        (6, "", None),
        (7, "fr", Taken.ADDED),
        (8, "", Taken.KEPT_UNSUBSCRIBED),
    ]
    done = take(sqlite_database, path)
    counts = [(one.added, one.already, one.kept_unsubscribed, len(one.refused)) for one in (report, done)]
    assert counts[0] == counts[1] == (2, 2, 2, 1)


def test_posts_are_taken_without_being_asked(sqlite_database: Database, tmp_path: Path) -> None:
    """A circulation row is on the list at once, by no consent; beside it a subscription is asked first."""
    path = file_of(
        tmp_path,
        "address,kind,organisation,post\nhead@example.org,circulation,Ministry of Labour,Head of Unit\n"
        "ana@example.org,,,\n",
    )
    take(sqlite_database, path, is_confirmed=False)
    with sqlite_database.reading() as session:
        head, ana = session.scalars(select(Subscriber).order_by(Subscriber.id))
        assert (head.state, head.post, head.organisation) == (
            SubscriberState.CONFIRMED,
            "Head of Unit",
            "Ministry of Labour",
        )
        assert ana.state is SubscriberState.PENDING
        acts = session.scalars(select(Consent.act).where(Consent.subscriber_id == head.id)).all()
        assert acts == [ConsentAct.ENTERED]
        assert [mail.subscriber_id for mail in session.scalars(select(QueuedMail))] == [ana.id]


def test_line_ends_of_three_kinds_and_marks_within_names(tmp_path: Path) -> None:
    """Lines end in what ends lines of CSV; a mark that Python takes for an end may stand in a name."""
    for end in ("\r", "\n", "\r\n"):
        path = file_of(tmp_path, f"address,name{end}a@b.example,A\x85\u2028B{end}c@d.example,")
        assert [row.fields["address"] for row in read_rows(path)] == ["a@b.example", "c@d.example"]


def test_large_file_takes_little_memory(tmp_path: Path) -> None:
    """Reading twenty thousand rows takes no more memory than reading some."""
    path = tmp_path / "readers.csv"
    with path.open("w") as file:
        file.write("address,language,name\n")
        file.writelines(f"reader{number}@example.org,fr,Reader {number}\n" for number in range(20_000))
    tracemalloc.start()
    try:
        assert sum(1 for _ in read_rows(path)) == 20_000
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("is_confirmed", [True, False])
@pytest.mark.parametrize(
    "spelled", ["ÉVA@Bücher.example", "e\u0301va@bücher.example", "\u200f éva@bücher.example"]
)
def test_reader_added_by_hand_stays_away_however_spelled(
    sqlite_database: Database, spelled: str, *, is_confirmed: bool
) -> None:
    """Who left under one spelling of their address is not brought back by another."""
    with sqlite_database.writing() as session:
        add_reader(
            session, KEYS, NewReader(address="éva@bücher.example"), is_confirmed=True, source="paper", now=NOW
        )
        leave_reader(session, KEYS, session.scalars(select(Subscriber)).one(), source="link", now=NOW)
        taken = add_reader(
            session, KEYS, NewReader(address=spelled), is_confirmed=is_confirmed, source="paper", now=NOW
        )
        assert taken is Taken.KEPT_UNSUBSCRIBED
        assert session.scalars(select(Subscriber.state)).all() == [SubscriberState.LEFT]
