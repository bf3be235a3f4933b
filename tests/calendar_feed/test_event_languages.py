"""Events in other languages than English: whole, marked with their language, kept apart in Arabic."""

import re
import unicodedata
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calendar_feed.compose import compose_event, event_summary
from calendar_feed.content_line import FOLD_AT, clean, content_line, text_value, unfold
from calendar_feed.description import description
from calendar_feed.event import render_event, stamped
from calendar_feed.facts import MeetingFacts
from calendar_feed.selfcheck import event_faults
from calendar_feed.states import Shown, state_of
from models.meeting import Mode
from models.own_words import Words
from templates.isolates import FIRST_STRONG_ISOLATE, POP_ISOLATE
from tests.calendar_feed.factory import KHARTOUM, SITE, STAMP, meeting
from tests.calendar_feed.sample import SAMPLE

IN_LANGUAGES = replace(
    KHARTOUM,
    names=(*KHARTOUM.names, "Processus de Khartoum", "Proceso de Jartum", "عملية الخرطوم"),
    short_name_in={"fr": "Processus de Khartoum", "es": "Proceso de Jartum", "ar": "عملية الخرطوم"},
)
MEETING = replace(
    SAMPLE,
    mechanisms=(IN_LANGUAGES,),
    title_in={"fr": "Réunion des hauts fonctionnaires du Processus de Khartoum"},
    theme="Return",
)
_SAME = (
    "BEGIN",
    "UID",
    "DTSTAMP",
    "CREATED",
    "LAST-MODIFIED",
    "SEQUENCE",
    "DTSTART",
    "DTEND",
    "GEO",
    "STATUS",
)
_WORDED = ("SUMMARY", "DESCRIPTION", "LOCATION", "URL", "CONFERENCE", "CATEGORIES")

FRENCH = r"""
SUMMARY;LANGUAGE=fr:Processus de Khartoum – Réunion des hauts fonctionnaires (Bruxelles + en ligne)
DESCRIPTION;LANGUAGE=fr:Processus de Khartoum (IRF) – Réunion de hauts fonctionnaires\, hybride.\n17 mars 2027\, 09:30–17:00\, heure locale (Bruxelles) \; 08:30–16:00 UTC.\nThème : Return\nParticiper en ligne (délégués inscrits) : https://meet.example.org/khartoum-som-2027\nLieu : Justus Lipsius building\, Bruxelles\, Belgique (et en ligne)\nDétails : https://iscm.example.org/fr/meetings/khartoum-som-2027
LOCATION;LANGUAGE=fr:Justus Lipsius building\, Bruxelles\, Belgique (et en ligne)
URL:https://iscm.example.org/fr/meetings/khartoum-som-2027
CONFERENCE;VALUE=URI;FEATURE=AUDIO,VIDEO;LABEL="Participer en ligne";LANGUAGE=fr:https://meet.example.org/khartoum-som-2027
CATEGORIES:IRF,Processus de Khartoum,Réunion de hauts fonctionnaires
"""  # noqa: E501 - unfolded
SPANISH = r"""
SUMMARY;LANGUAGE=es:Proceso de Jartum – Senior Officials' Meeting (Bruselas + en línea)
DESCRIPTION;LANGUAGE=es:Proceso de Jartum (IRF) – Reunión de altos funcionarios\, híbrida.\n17 de marzo de 2027\, 09:30–17:00\, hora de Bruselas (08:30–16:00 UTC).\nTema: Return\nParticipar en línea (delegados inscritos): https://meet.example.org/khartoum-som-2027\nLugar: Justus Lipsius building\, Bruselas\, Bélgica (y en línea)\nDetalles: https://iscm.example.org/es/meetings/khartoum-som-2027
LOCATION;LANGUAGE=es:Justus Lipsius building\, Bruselas\, Bélgica (y en línea)
URL:https://iscm.example.org/es/meetings/khartoum-som-2027
CONFERENCE;VALUE=URI;FEATURE=AUDIO,VIDEO;LABEL="Participar en línea";LANGUAGE=es:https://meet.example.org/khartoum-som-2027
CATEGORIES:IRF,Proceso de Jartum,Reunión de altos funcionarios
"""  # noqa: E501 - unfolded
# ⟨ and ⟩ stand for the isolates, which cannot be seen.
ARABIC = r"""
SUMMARY;LANGUAGE=ar:عملية الخرطوم – ⟨Senior Officials' Meeting⟩ (بروكسل + عبر الإنترنت)
DESCRIPTION;LANGUAGE=ar:عملية الخرطوم (منتدى أقاليمي) – اجتماع كبار المسؤولين، حضورياً وعبر الإنترنت.\n17 مارس 2027، 09:30–17:00 بتوقيت بروكسل (⟨08:30–16:00 بتوقيت UTC⟩).\nالموضوع: ⟨Return⟩\nالمشاركة عبر الإنترنت (للمندوبين المسجلين): https://meet.example.org/khartoum-som-2027\nالمكان: ⟨Justus Lipsius building⟩، بروكسل، بلجيكا (وعبر الإنترنت)\nالتفاصيل: https://iscm.example.org/ar/meetings/khartoum-som-2027
LOCATION;LANGUAGE=ar:⟨Justus Lipsius building⟩، بروكسل، بلجيكا (وعبر الإنترنت)
URL:https://iscm.example.org/ar/meetings/khartoum-som-2027
CONFERENCE;VALUE=URI;FEATURE=AUDIO,VIDEO;LABEL="شارك عبر الإنترنت";LANGUAGE=ar:https://meet.example.org/khartoum-som-2027
CATEGORIES:منتدى أقاليمي,عملية الخرطوم,اجتماع كبار المسؤولين
"""  # noqa: E501 - unfolded


def _shown(facts: MeetingFacts, language: str) -> Shown:
    shown = state_of(facts, as_of=date(2026, 11, 23), language=language)
    assert isinstance(shown, Shown)
    return shown


def _event(facts: MeetingFacts, language: str) -> bytes:
    shown = _shown(facts, language)
    event = compose_event(facts, shown=shown, sequence=1, language=language, site=SITE)
    return stamped(render_event(event), at=STAMP)


def _seen(text: str) -> str:
    """The text with marks for isolates, and with plain spaces for those that French does not break at."""
    marked = text.replace(FIRST_STRONG_ISOLATE, "⟨").replace(POP_ISOLATE, "⟩")
    return marked.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(("language", "words"), [("fr", FRENCH), ("es", SPANISH), ("ar", ARABIC)])
def test_an_event_is_told_whole_in_each_language(language: str, words: str) -> None:
    """Every word of it; all that is no word is as in English, byte for byte."""
    event, english = _event(MEETING, language), _event(MEETING, "en")
    assert event_faults(event) == []
    lines = unfold(event).decode().splitlines()
    told = "\n".join(line for line in lines if line.startswith(_WORDED))
    assert _seen(told) == words.strip()
    rest = [line for line in lines if not line.startswith(_WORDED)]
    assert rest == [line for line in unfold(english).decode().splitlines() if not line.startswith(_WORDED)]
    assert {line.partition(";")[0].partition(":")[0] for line in rest} >= set(_SAME)


@pytest.mark.parametrize(
    ("facts", "language", "told"),
    [
        # Nothing in it is French, so it is English, and a screen reader says it as that.
        (meeting(city="Lusaka"), "fr", Words("MIDSA – 8th Ministerial Meeting (Lusaka)", "en")),
        (meeting(city=None), "fr", Words("MIDSA – 8th Ministerial Meeting (Zambie)", "fr")),
        (meeting(mode=Mode.ONLINE), "es", Words("MIDSA – 8th Ministerial Meeting (en línea)", "es")),
        (
            meeting(title_in={"ar": "الاجتماع الوزاري الثامن"}, city=None, country=None),
            "ar",
            Words("⟨MIDSA⟩ – الاجتماع الوزاري الثامن", "ar"),
        ),
        (meeting(city="Mongu", country=None), "ar", Words("MIDSA – 8th Ministerial Meeting (Mongu)", "en")),
        # The name is in the title, but in letters that not every reader of Arabic reads.
        (
            replace(
                MEETING, title="Ministerial Conference launching the Khartoum Process", mode=None, city=None
            ),
            "ar",
            Words("عملية الخرطوم – ⟨Ministerial Conference launching the Khartoum Process⟩ (بلجيكا)", "ar"),
        ),
    ],
)
def test_a_summary_is_marked_with_the_language_it_is_in(
    facts: MeetingFacts, language: str, told: Words
) -> None:
    """With any word of the feed's language it is of that language, else English and without isolates."""
    found = event_summary(facts, prefix="", language=language)
    assert (_seen(found.text), found.language) == told


@given(st.text(max_size=80), st.text(max_size=40), st.sampled_from(["en", "fr", "es", "ar"]))
def test_isolates_stand_in_arabic_alone_and_each_is_closed(title: str, venue: str, language: str) -> None:
    """Whatever an editor may write: no Latin letter of a value stands outside them, and none is left open."""
    facts = replace(MEETING, title=title, venue=venue or None, title_in={})
    summary = event_summary(facts, prefix="", language=language)
    said = description(facts, shown=_shown(facts, language), page="", language=language)
    for text in (summary.text, *said.split("\n")):
        assert clean(text) == text
        if language != "ar":
            assert not {FIRST_STRONG_ISOLATE, POP_ISOLATE} & set(text)
            continue
        bare = re.sub(f"{FIRST_STRONG_ISOLATE}[^{FIRST_STRONG_ISOLATE}]*?{POP_ISOLATE}", "", text)
        assert not {FIRST_STRONG_ISOLATE, POP_ISOLATE} & set(bare)
        bare = re.sub(r"https?://\S+", "", bare)
        assert [one for one in bare if unicodedata.bidirectional(one) == "L"] == []


@given(st.text(alphabet="ابتث جحخ\u064b\u064c\u200f\u200eAb9\u2068\u2069", max_size=120))
def test_text_from_right_to_left_is_folded_between_characters(text: str) -> None:
    """Each line is UTF-8 by itself and short enough; put together again they are the text."""
    line = content_line("SUMMARY;LANGUAGE=ar", text_value(text))
    lines = line.removesuffix(b"\r\n").split(b"\r\n")
    assert all(len(one) <= FOLD_AT and one.decode() is not None for one in lines)
    assert unfold(line).decode() == f"SUMMARY;LANGUAGE=ar:{text_value(text)}\r\n"
