"""One issue in four languages: each says the same, in its own words, and leads to its own pages."""

import email
import email.policy
import re
import time
from dataclasses import replace
from itertools import pairwise

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Kind, Meeting
from models.database import Database
from newsletter.approval import approve_issue
from newsletter.contents import newest_revision, trees_of
from newsletter.course import approved_editions, find_issue
from newsletter.drafting import Draft, compile_issue
from newsletter.edit_file import AS_COMPILED
from newsletter.editing import NoSuchEdition, NotStale, keep_as_good, print_issue, take_back
from newsletter.fit import LARGEST
from newsletter.highlights import Heading, Highlights
from newsletter.letters import letters_of
from newsletter.message import EncodedEdition, Recipient
from newsletter.options import Layout
from newsletter.preflight.linked import linked_addresses
from newsletter.preflight.words import words_of_html, words_of_text
from newsletter.rendering import Letter
from templates.languages import direction
from tests.newsletter.issue_facts import NOW, OPTIONS, SITE, STATIONERY, add_readers, node_of

LANGUAGES = ("en", "fr", "es", "ar")
IN_FOUR = replace(OPTIONS, languages=LANGUAGES)
STATIONERY_IN_FOUR = replace(STATIONERY, languages=LANGUAGES)
YEARS = (1997, 2014, 2016, 2017, 2020, 2024, 2026)
FOREWORD = "Dear readers"


def _compile(session: Session, year: int = 2017, *, layout: Layout | None = None) -> Draft:
    return compile_issue(session, year=year, now=NOW, options=IN_FOUR, editor="ana", layout=layout)


def _trees(session: Session, code: str = "2017") -> dict[str, Highlights]:
    return trees_of(newest_revision(session, find_issue(session, code)))


def _letters(session: Session, code: str = "2017") -> dict[str, Letter]:
    revision = newest_revision(session, find_issue(session, code))
    return {letter.language: letter for letter in letters_of(revision, STATIONERY.imprint)}


def _file(session: Session, language: str = "en") -> str:
    return print_issue(session, find_issue(session, "2017"), language=language)


def _take(session: Session, file: str) -> int:
    return take_back(session, find_issue(session, "2017"), file, editor="ben", now=NOW).number


def test_every_year_is_told_whole_and_small_in_every_language(sqlite_registry: Database) -> None:
    """Text and HTML have the same words, Gmail cuts nothing off, and no edition lacks a node another has."""
    sizes = {}
    with sqlite_registry.writing() as session:
        for year in YEARS:
            _compile(session, year)
            trees = _trees(session, str(year))
            keys = {language: {node.key for node in tree.told()} for language, tree in trees.items()}
            assert (tuple(trees), [keys[language] == keys["en"] for language in trees]) == (
                LANGUAGES,
                [True] * 4,
            )
            for language, letter in _letters(session, str(year)).items():
                assert words_of_html(letter.html) == words_of_text(letter.text), (year, language)
                assert letter.html.count("more meeting") == 0
                sizes[year, language] = len(letter.html.encode())
    assert max(sizes.values()) < LARGEST


def test_year_is_compiled_in_all_languages_within_two_seconds(sqlite_registry: Database) -> None:
    """The richest one, of this process's own time, so that a busy machine proves nothing else."""
    with sqlite_registry.writing() as session:
        _compile(session, 2016)
        began = time.process_time()
        _compile(session, 2017)
        _letters(session)
        assert time.process_time() - began < 2


def test_letter_is_framed_in_its_language_and_direction(sqlite_registry: Database) -> None:
    """As attributes and as CSS, on what programs keep when they drop html and body; subject and dates too."""
    with sqlite_registry.writing() as session:
        _compile(session)
        letters = _letters(session)
    for language, letter in letters.items():
        way = direction(language)
        assert f'<html lang="{language}" dir="{way}">' in letter.html
        assert f'lang="{language}" dir="{way}" style="direction: {way}"' in letter.html
        assert len(re.findall(rf'<table [^>]*dir="{way}"', letter.html)) == 1
    assert "direction:rtl;text-align:right" in letters["ar"].html.partition('class="sheet"')[2][:300]
    days = {
        language: re.findall(r"23–24 \S+(?: de)? \S*", letter.text)[0] for language, letter in letters.items()
    }
    assert days == {
        "en": "23–24 January 2017",
        "fr": "23–24 janvier 2017,",
        "es": "23–24 de enero",
        "ar": "23–24 يناير 2017،",
    }


def test_links_lead_to_pages_of_the_letters_language(sqlite_registry: Database) -> None:
    """Every page and feed of the site but the reader's own, which know their language."""
    with sqlite_registry.writing() as session:
        _compile(session, 2026)
        letters = _letters(session, "2026")
    for language, letter in letters.items():
        own = [
            address.removeprefix(SITE)
            for address in linked_addresses(letter.html)
            if address.startswith(f"{SITE}/") and not re.match(r"/[up]/", address.removeprefix(SITE))
        ]
        prefix = "" if language == "en" else f"/{language}"
        assert own
        assert [address for address in own if not address.startswith(f"{prefix}/")] == []
        assert f"{prefix}/feeds/all.ics" in own
        assert f'href="{SITE}{prefix}/newsletter"' in letter.web


def test_what_a_language_lacks_stands_in_english_and_says_so(sqlite_registry: Database) -> None:
    """Titles of documents have no translation; in Arabic Latin names are kept apart in both parts."""
    with sqlite_registry.writing() as session:
        _compile(session)
        letters = _letters(session)
    assert 'lang="en"' not in letters["en"].html.partition("<h1")[2]
    for language in LANGUAGES[1:]:
        assert '<bdi lang="en">Colombo Declaration</bdi>' in letters[language].html
    assert "\u2068Colombo Declaration\u2069" in letters["ar"].text
    assert "\u2068" not in letters["fr"].text


def test_foreword_in_two_languages_stands_in_english_in_the_others(sqlite_registry: Database) -> None:
    """Each reader gets the own one; the others' is marked, and the file says that it is missing."""
    with sqlite_registry.writing() as session:
        _compile(session)
        file = _file(session)
        assert _take(session, file) == 1
        written = file.replace(
            "@ foreword/text\n", f"@ foreword/text\n{FOREWORD}\n\n@ foreword/text fr\nChers *lecteurs*\n"
        )
        assert _take(session, written) == 2
        letters = _letters(session)
        assert "Chers <em>lecteurs</em>" in letters["fr"].html
        assert FOREWORD not in letters["fr"].text
        for language in ("es", "ar"):
            cell = letters[language].html.partition(FOREWORD)[0].rpartition("<td")[2]
            assert ('lang="en"' in cell, 'dir="ltr"' in cell) == (True, True)
            assert "Not written yet" in _file(session, language)
        for language in LANGUAGES:
            assert _take(session, _file(session, language)) == 2
        _take(session, _file(session, "es").replace("@ foreword/text\n", "@ foreword/text\nEstimados\n", 1))
        assert [node_of(tree, "foreword/text").said for tree in _trees(session).values()] == [
            FOREWORD,
            "Chers *lecteurs*",
            "Estimados",
            FOREWORD,
        ]
        with pytest.raises(NoSuchEdition, match="no edition in “de”; it has en, fr, es, ar"):
            _file(session, "de")


def test_item_taken_out_in_english_is_out_everywhere_and_words_are_not(sqlite_registry: Database) -> None:
    """Other languages keep what the record says in theirs when only the English wording was changed."""
    with sqlite_registry.writing() as session:
        _compile(session)
        node = next(one for one in _trees(session)["en"].shown_meetings() if "Colombo Dec" in one.text)
        printed = f"@ {node.key}\n{node.text}\n"
        _take(session, _file(session).replace(printed, f"@ {node.key}\nAnother wording.\n"))
        told = {language: node_of(tree, node.key) for language, tree in _trees(session).items()}
        assert told["en"].said == "Another wording."
        assert [told[language].edited for language in LANGUAGES[1:]] == [None, None, None]

        _take(session, _file(session).replace(f"@ {node.key}\nAnother wording.\n", f"@ {node.key}\n"))
        assert [node_of(tree, node.key).said for tree in _trees(session).values()] == ["", "", "", ""]
        again = _file(session).replace(f"@ {node.key}\n", f"@ {node.key}\n{AS_COMPILED}\n")
        _take(session, again)
        assert all(node_of(tree, node.key).said for tree in _trees(session).values())


def test_text_of_each_language_outlives_recompiling_and_goes_stale_alone(sqlite_registry: Database) -> None:
    """The difference says which edition's text stays over what changed in the record."""
    with sqlite_registry.writing() as session:
        _compile(session)
        key = "figures/summary"
        _take(session, _file(session, "fr").replace(f"@ {key}\n", f"@ {key}\nEn bref : ", 1))
        for meeting in session.scalars(select(Meeting).where(Meeting.kind == Kind.MINISTERIAL)):
            meeting.kind = Kind.WORKSHOP
        session.flush()
        draft = _compile(session)
        mine = [(one["language"], one["what"]) for one in draft.differences if one["key"] == key]
        assert ("fr", "stale") in mine
        trees = _trees(session)
        assert node_of(trees["fr"], key).said.startswith("En bref")
        assert {language for language, tree in trees.items() if node_of(tree, key).is_stale} == {"fr"}
        assert "# STALE: the record has changed since this text was written." in _file(session, "fr")


def test_stale_text_that_is_still_right_is_kept_as_it_is(sqlite_registry: Database) -> None:
    """An editor's word on one text of one language; it lasts until the record changes again."""
    with sqlite_registry.writing() as session:
        _compile(session)
        key = "figures/summary"
        _take(session, _file(session, "fr").replace(f"@ {key}\n", f"@ {key}\nEn bref : ", 1))

        def change_the_record(kind: Kind, to: Kind) -> None:
            for meeting in session.scalars(select(Meeting).where(Meeting.kind == kind)):
                meeting.kind = to
            session.flush()
            _compile(session)

        def keep(key: str, language: str) -> None:
            issue = find_issue(session, "2017")
            keep_as_good(session, issue, [key], language=language, editor="ben", now=NOW)

        change_the_record(Kind.MINISTERIAL, Kind.WORKSHOP)
        was = node_of(_trees(session)["fr"], key)
        for wrong, language in ((key, "en"), ("foreword/text", "fr"), ("no/such", "fr")):
            with pytest.raises(NotStale, match=f"no text “{wrong}” in “{language}” that is stale"):
                keep(wrong, language)
        keep(key, "fr")
        kept = node_of(_trees(session)["fr"], key)
        assert (was.is_stale, kept.is_stale, kept.said) == (True, False, was.said)
        assert "# STALE:" not in _file(session, "fr")
        assert not _compile(session).is_new
        change_the_record(Kind.WORKSHOP, Kind.MINISTERIAL)
        assert node_of(_trees(session)["fr"], key).is_stale


def test_layout_is_chosen_in_the_file_or_when_compiling_and_kept(sqlite_registry: Database) -> None:
    """By type each type has its heading in the edition's language; and back again."""
    with sqlite_registry.writing() as session:
        _compile(session)
        before = _trees(session)
        _take(session, _file(session).replace("layout: alphabetical", "layout: by-type"))
        by_type = _trees(session)
        assert {language: _headings(tree, level=3) for language, tree in by_type.items()} == {
            "en": ["Regional consultative processes", "Interregional forums"],
            "fr": ["Processus consultatifs régionaux", "Forums interrégionaux"],
            "es": ["Procesos consultivos regionales", "Foros interregionales"],
            "ar": _headings(by_type["ar"], level=3),
        }
        assert sorted(_headings(by_type["en"], level=4)) == sorted(_headings(before["en"], level=3))
        assert not _compile(session).is_new
        assert _trees(session) == by_type
        _compile(session, layout=Layout.ALPHABETICAL)
        assert _trees(session) == before
        for letter in _letters(session).values():
            levels = [int(level) for level in re.findall(r"<h(\d)", letter.html)]
            assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def _headings(tree: Highlights, *, level: int) -> list[str]:
    (section,) = (one for one in tree.sections if one.key == "mechanisms")
    return [node.text for node in section.nodes if isinstance(node, Heading) and node.level == level]


def test_approval_freezes_every_edition_as_a_mail_of_its_language(sqlite_registry: Database) -> None:
    """Short lines, CRLF alone, and headers that lead to pages of the language."""
    with sqlite_registry.writing() as session:
        add_readers(session, 2)
        _compile(session)
        issue = find_issue(session, "2017")
        approve_issue(session, issue, stationery=STATIONERY_IN_FOUR, editor="cleo", now=NOW)
        frozen = {edition.language: edition.message for edition in approved_editions(session, issue)}
    assert sorted(frozen) == sorted(LANGUAGES)
    for language, message in frozen.items():
        sent = EncodedEdition(message, date=NOW).join(
            Recipient("a@example.org", "m.1@iscm.example", "u" * 22, "p" * 22)
        )
        assert max(map(len, sent.split(b"\r\n"))) <= 998
        assert b"\n" not in sent.replace(b"\r\n", b"")
        mail = email.message_from_bytes(sent, policy=email.policy.default)
        prefix = "" if language == "en" else f"/{language}"
        assert (mail["Content-Language"], mail["Archived-At"]) == (
            language,
            f"<{SITE}{prefix}/highlights/2017>",
        )
