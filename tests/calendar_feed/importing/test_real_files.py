"""Files as Google, Outlook, Apple, Indico and Nextcloud write them, read as their authors meant them."""

from datetime import date
from typing import Any

from calendar_feed.importing.entries import read_entries
from calendar_feed.importing.said import new_fields
from models.when import When
from tests.calendar_feed.importing.real_files import APPLE, GOOGLE, INDICO, NEXTCLOUD, OUTLOOK, wire

TODAY = date(2026, 11, 23)


def _read(text: str) -> tuple[list[tuple[str | None, dict[str, Any]]], list[str]]:
    entries, notes = read_entries(wire(text), name="x.ics", today=TODAY)
    assert [entry.refusal for entry in entries] == [None] * len(entries)
    said = [
        (entry.uid, new_fields(entry.told, shorts=[]))
        for entry in entries
        if entry.told is not None and not entry.is_gone
    ]
    return said, notes


def test_google_writes_hours_in_utc_beside_its_zone() -> None:
    """Hours are on the calendar's clock, days end on their last, and the description has the join link."""
    assert _read(GOOGLE) == (
        [
            (
                "2k4jd83hfk2@google.com",
                {
                    "title": "MIDSA Technical Meeting",
                    "when": When.parse("2027-06-08 09:00", "2027-06-08 17:00", "Africa/Lusaka"),
                    "status": "confirmed",
                    "kind": "technical",
                    "venue": "Mulungushi Conference Centre",
                    "city": "Lusaka",
                    "country": "ZM",
                    "join_link": "https://meet.google.com/abc-defg-hij",
                },
            ),
            (
                "7yhd83hfk2@google.com",
                {
                    "title": "MIDSA Ministerial Conference",
                    "when": When.parse("2027-06-09", "2027-06-11"),
                    "status": "tentative",
                },
            ),
        ],
        [],
    )


def test_outlook_names_zones_as_windows_does() -> None:
    """Windows' zone is the country's own where one has that clock; midnight to midnight is whole days."""
    assert _read(OUTLOOK) == (
        [
            (
                "040000008200E00074C5B7101A82E00800000000D0B5F1F2A3D9DC01000000000000000010000000A1B2",
                {
                    "title": "IGC Senior Officials' Meeting",
                    "when": When.parse("2027-03-17 09:30", "2027-03-17 17:00", "Europe/Zurich"),
                    "kind": "senior_officials",
                    "venue": "CICG",
                    "city": "Geneva",
                    "country": "CH",
                    "join_link": "https://teams.microsoft.com/l/meetup-join/19%3ameeting_x",
                },
            ),
            (
                "040000008200E00074C5B7101A82E008BB",
                {
                    "title": "IGC Working Group",
                    "when": When.parse("2027-04-20", "2027-04-21"),
                    "status": "cancelled",
                    "kind": "working_group",
                },
            ),
        ],
        [],
    )


def test_apple_writes_series_with_exceptions() -> None:
    """Each date is a meeting with its own UID; the one moved is where it was moved to, one is taken out."""
    said, notes = _read(APPLE)
    uid = "5A1C4E2B-9F3D-4A77-8E0B-1C2D3E4F5A6B"
    times = {
        "20270111": ("2027-01-11 10:00", "2027-01-11 12:00"),
        "20270308": ("2027-03-09 14:00", "2027-03-09 16:00"),
        "20270412": ("2027-04-12 10:00", "2027-04-12 12:00"),
    }
    assert notes == []
    assert {key: fields["when"] for key, fields in said} == {
        f"{uid}_{key}": When.parse(*ends, "America/Costa_Rica") for key, ends in times.items()
    }
    assert said[0][1] == {
        "title": "RCM Steering Committee",
        "when": When.parse("2027-01-11 10:00", "2027-01-11 12:00", "America/Costa_Rica"),
        "kind": "steering_committee",
        "city": "San José",
        "country": "CR",
        "url": "https://www.crmsv.org/",
        "latitude": 9.935,
        "longitude": -84.0917,
    }


def test_indico_writes_utc_without_a_zone() -> None:
    """Without a zone in the file, hours in UTC are put on the clock of the country that has only one."""
    assert _read(INDICO)[0] == [
        (
            "indico-event-4711@indico.example.org",
            {
                "title": "Prague Process Workshop on Data",
                "when": When.parse("2027-05-05 09:00", "2027-05-06 17:00", "Europe/Vienna"),
                "kind": "workshop",
                "venue": "ICMPD",
                "city": "Vienna",
                "country": "AT",
                "url": "https://indico.example.org/event/4711/",
            },
        )
    ]


def test_nextcloud_writes_durations_and_tasks() -> None:
    """A length stands for the end, a comma in a place needs no backslash, tasks are passed over and told."""
    assert _read(NEXTCLOUD) == (
        [
            (
                "0b8e7f7e-1111-4222-8333-444455556666",
                {
                    "title": "Processus de Rabat : atelier",
                    "when": When.parse("2027-07-12 09:00", "2027-07-12 17:30", "Africa/Dakar"),
                    "kind": "workshop",
                    "status": "confirmed",
                    "city": "Dakar",
                    "country": "SN",
                },
            )
        ],
        ["1 VTODO in the file are not events and were passed over."],
    )
