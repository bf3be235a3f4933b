"""Titles: `Mechanism – Title (City)`, the mechanism named once, and never a broken sentence."""

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calendar_feed.compose import event_summary
from calendar_feed.facts import MechanismFacts
from calendar_feed.titles import bare_title, capitalised, headed_title, short_title
from models.mechanism import MechanismType
from models.meeting import Mode
from templates.text import one_line
from tests.calendar_feed.factory import meeting

REFERENCE = Path(__file__).parents[2] / "models" / "reference"
APPROVED = {
    "en": "real_titles.tsv",
    "fr": "real_titles.fr.tsv",
    "es": "real_titles.es.tsv",
    "ar": "real_titles.ar.tsv",
}

BALI = (
    "Bali Process",
    "Bali Process on People Smuggling, Trafficking in Persons and Related Transnational Crime",
)
GFMD = (
    "GFMD",
    "Global Forum on Migration and Development (GFMD)",
    "Global Forum on Migration and Development",
)
PIDC = (
    "PIDC",
    "Pacific Immigration Development Community (PIDC)",
    "Pacific Immigration Directors' Conference",
)
IGAD = ("MID-IGAD", "Migration Dialogue for IGAD Region (MID-IGAD or IGAD-RCP)", "IGAD-RCP")
ADD = ("Abu Dhabi Dialogue", "ADD")
SACM = ("South American Conference on Migration", "SACM", "CSM", "Conferencia Suramericana sobre Migraciones")
RCM = ("Regional Conference on Migration", "RCM", "CRM", "Puebla Process")


def _titled(title: str, *names: tuple[str, ...], place: str | None = None) -> str:
    return _whole(title, names=names, place=place, places=[place] if place else [])


def _whole(title: str, *, names: Sequence[Sequence[str]], place: str | None, places: Iterable[str]) -> str:
    bare, is_named = bare_title(title, names=names, places=places)
    prefix = "" if is_named else " / ".join(own[0] for own in names)
    return headed_title(capitalised(bare) if prefix else bare, prefix=prefix, place=place)


@pytest.mark.parametrize(
    ("title", "names", "place", "summary"),
    [
        (
            "6th Ministerial Conference of the Bali Process",
            BALI,
            "Bali",
            "Bali Process – 6th Ministerial Conference (Bali)",
        ),
        ("7th GFMD Summit Meeting", GFMD, "Stockholm", "GFMD – 7th Summit Meeting (Stockholm)"),
        ("MIDWA annual meeting 2016", ("MIDWA",), "Abidjan", "MIDWA – Annual meeting 2016 (Abidjan)"),
        (
            "Inaugural Ministerial Consultation (Abu Dhabi Dialogue)",
            ADD,
            None,
            "Abu Dhabi Dialogue – Inaugural Ministerial Consultation",
        ),
        (
            "Ministerial Conference on Refugee Protection: the Almaty Process",
            ("Almaty Process",),
            "Almaty",
            "Almaty Process – Ministerial Conference on Refugee Protection (Almaty)",
        ),
        ("4th Meeting of the IGAD Regional Consultative Process", IGAD, None, "MID-IGAD – 4th Meeting"),
        (
            "Reunión Extraordinaria de la CSM",
            SACM,
            "Lima",
            "South American Conference on Migration – Reunión Extraordinaria (Lima)",
        ),
        (
            "Réunion de hauts fonctionnaires du Processus de Rabat",
            ("Rabat Process", "Processus de Rabat"),
            None,
            "Rabat Process – Réunion de hauts fonctionnaires",
        ),
        (
            "Policy Talk: Looking into 2025",
            ("Prague Process",),
            "online",
            "Prague Process – Policy Talk: Looking into 2025 (online)",
        ),
    ],
)
def test_a_title_loses_what_the_name_in_front_already_says(
    title: str, names: tuple[str, ...], place: str | None, summary: str
) -> None:
    """The mechanism's name is cut out in all the ways titles hold it, and stands once, in front."""
    assert _titled(title, names, place=place) == summary


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("Ministerial Conference launching the Khartoum Process", ("Khartoum Process",)),
        ("Briefing for Ambassadors on the Almaty Process", ("Almaty Process",)),
        ("17th Pacific Immigration Directors' Conference", PIDC),
        ("17th Pacific Immigration Directors’ Conference", PIDC),
        ("XVIII South American Conference on Migration", SACM),
        ("XI Conferencia Suramericana sobre Migraciones", SACM),
        ("2nd GFMD 2022-2023 preparatory meetings", GFMD),
        ("The Bali Process's tenth year", BALI),
        ("An RCM meeting", ("Regional Conference on Migration", "RCM")),
        ("Meeting of the Bali Process and the Budapest Process", BALI),
        ("Réunion du Processus de Rabat 2025", ("Rabat Process", "Processus de Rabat")),
    ],
)
def test_a_title_that_cannot_be_trimmed_cleanly_stays_whole_without_the_prefix(
    title: str, names: tuple[str, ...]
) -> None:
    """No broken sentence, no ordinal without its noun; the name stands in the title, so not before it."""
    assert _titled(title, names) == title


def test_an_acronym_is_not_found_in_a_word() -> None:
    """ADD is the Abu Dhabi Dialogue; "add" and "address" are words."""
    assert _titled("Round table to add labour to the agenda and address data", ADD) == (
        "Abu Dhabi Dialogue – Round table to add labour to the agenda and address data"
    )


def test_a_joint_meeting_names_its_mechanisms_in_stored_order() -> None:
    """Both names stand in front, in the order given."""
    title = "Joint Valletta Action Plan Senior Officials' Meeting"
    assert _titled(title, ("Rabat Process",), ("Khartoum Process",), place="Addis Ababa") == (
        f"Rabat Process / Khartoum Process – {title} (Addis Ababa)"
    )


def test_a_joint_title_stays_whole_only_where_it_names_every_mechanism() -> None:
    """A title that names both needs no prefix; one that names one of two keeps both in front."""
    assert _titled("First Plenary Meeting between the RCM and the SACM", SACM, RCM) == (
        "First Plenary Meeting between the RCM and the SACM"
    )
    assert _titled("Plenary between the SACM and others", SACM, ("Rabat Process",)) == (
        "South American Conference on Migration / Rabat Process – Plenary between the SACM and others"
    )


@pytest.mark.parametrize(
    ("title", "place", "summary"),
    [
        (
            "Senior Officials' Meeting of the Prague Process, Cracow",
            "Cracow",
            "Prague Process – Senior Officials' Meeting (Cracow)",
        ),
        (
            "Senior Officials' Meeting of the Prague Process, Dubai 2016",
            "Dubai",
            "Prague Process – Senior Officials' Meeting 2016 (Dubai)",
        ),
        (
            "Senior Officials' Meeting (online)",
            "online",
            "Prague Process – Senior Officials' Meeting (online)",
        ),
        ("Session, San José Chapter", "San José", "Prague Process – Session, San José Chapter (San José)"),
        (
            "4th Ministerial Conference of the Prague Process",
            "Prague",
            "Prague Process – 4th Ministerial Conference (Prague)",
        ),
    ],
)
def test_a_place_at_the_end_of_a_title_does_not_stand_twice(title: str, place: str, summary: str) -> None:
    """The place follows in brackets, so it is dropped before them; a year that follows it stays."""
    assert _titled(title, ("Prague Process",), place=place) == summary


@given(st.text(max_size=200), st.sampled_from([BALI, GFMD, PIDC, IGAD, SACM]))
def test_any_title_gives_one_line_that_is_not_empty(title: str, names: tuple[str, ...]) -> None:
    """Whatever somebody types, the title is one line and says at least the mechanism or what was typed."""
    summary = _titled(title, names)
    assert "\n" not in summary
    assert names[0] in summary or summary == one_line(title)


@given(
    st.lists(
        st.sampled_from(["the", "of", "Bali Process", "Bali", "7th", "Meeting", "and", "(", ")", ",", ":"])
    )
)
def test_trimming_only_ever_takes_the_name_away(words: list[str]) -> None:
    """What is left is in the title in the same order: nothing is invented, nothing is turned around."""
    title = one_line(" ".join(words))
    letters = iter(title)
    assert all(letter in letters for letter in short_title(title, names=[BALI]))


@pytest.mark.parametrize("language", APPROVED)
def test_real_titles_stand_as_they_were_read_and_approved(language: str) -> None:
    """All 159 real titles, each read by a person; a change of the rules shows here line by line."""
    written = Path(__file__).with_name(APPROVED[language]).read_text(encoding="utf-8")
    approved = dict(line.split("\t") for line in written.splitlines())
    assert dict(_real_titles(language)) == approved


def test_real_titles_name_their_mechanism_or_are_prefixed_with_it() -> None:
    """No reader of the feed of everything is left to guess whose meeting it is."""
    mechanisms = _load("mechanisms.json")
    named = {one["slug"]: _plain(_names(one)) for one in mechanisms}
    named["asem-dg"].append("asem conference of directors general of immigration")
    titles = dict(_real_titles())
    silent = [
        record["id"]
        for record in _load("meetings.json")
        if not any(name in titles[record["id"]].casefold() for name in named[record["mechanism"]])
    ]
    assert silent == []


def _plain(names: list[str]) -> list[str]:
    return [re.sub(r"\s*\([^)]*\)", "", name).casefold() for name in names]


def _real_titles(language: str = "en") -> list[tuple[str, str]]:
    mechanisms = {one["slug"]: _facts(one) for one in _load("mechanisms.json")}
    return [
        (
            record["id"],
            event_summary(
                meeting(
                    title=record["title"],
                    title_in=record.get("title_in") or {},
                    mechanisms=tuple(
                        mechanisms[one] for one in (record["mechanism"], *record["also_mechanisms"])
                    ),
                    mode=Mode(record["mode"]) if record["mode"] else None,
                    city=record["city"],
                    country=record["country"],
                ),
                prefix="",
                language=language,
            ).text,
        )
        for record in _load("meetings.json")
    ]


def _facts(mechanism: dict[str, Any]) -> MechanismFacts:
    return MechanismFacts(
        slug=mechanism["slug"],
        short_name=mechanism["short_name"],
        full_name=mechanism["name"],
        type=MechanismType(mechanism["type"].lower()),
        is_iscm=mechanism.get("is_iscm", True),
        names=tuple(_names(mechanism)),
        short_name_in=mechanism.get("short_name_in") or {},
        full_name_in=mechanism.get("name_in") or {},
    )


def _names(mechanism: dict[str, Any]) -> list[str]:
    others = [mechanism.get(name) or {} for name in ("short_name_in", "name_in", "acronym_in")]
    names = [mechanism["short_name"], mechanism["name"], mechanism["acronym"], *mechanism["aliases"]]
    return [name for name in [*names, *(name for one in others for name in one.values())] if name]


def _load(name: str) -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = json.loads((REFERENCE / name).read_text(encoding="utf-8"))
    return loaded
