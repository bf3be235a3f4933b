"""The record's own words: in the reader's language, else in English and marked as that."""

from models.mechanism import Mechanism
from models.meeting import Meeting
from models.own_words import (
    Words,
    mechanism_acronym,
    mechanism_name,
    mechanism_short_name,
    meeting_title,
    region_name,
    theme_name,
    update_summary,
    update_title,
)
from models.update import Update
from models.vocabulary import Region, Theme


def test_words_come_with_the_language_they_are_in() -> None:
    """French where there is French; what a language lacks is English, and says so."""
    gfmd = Mechanism(
        name="Global Forum",
        name_in={"fr": "Forum mondial"},
        short_name="GFMD",
        short_name_in={"fr": "FMMD"},
        acronym="GFMD",
        acronym_in={},
    )
    summit = Meeting(title="14th Summit", title_in={"fr": "14e Sommet"})
    news = Update(
        title="New chair", title_in={}, summary="It is France.", summary_in={"fr": "C’est la France."}
    )
    assert [
        mechanism_name(gfmd, language="fr"),
        mechanism_short_name(gfmd, language="fr"),
        mechanism_acronym(gfmd, language="fr"),
        meeting_title(summit, language="fr"),
        update_title(news, language="fr"),
        update_summary(news, language="fr"),
        region_name(Region(name="Africa", name_in={"fr": "Afrique"}), language="fr"),
        theme_name(Theme(name="Children", name_in={"es": "Niñez"}), language="fr"),
    ] == [
        Words("Forum mondial", "fr"),
        Words("FMMD", "fr"),
        Words("GFMD", "en"),
        Words("14e Sommet", "fr"),
        Words("New chair", "en"),
        Words("C’est la France.", "fr"),
        Words("Afrique", "fr"),
        Words("Children", "en"),
    ]
    assert meeting_title(summit, language="en") == Words("14th Summit", "en")


def test_what_has_no_words_in_any_language_is_none() -> None:
    """Neither an acronym nor a summary is made up."""
    assert mechanism_acronym(Mechanism(acronym=None, acronym_in={}), language="fr") is None
    assert update_summary(Update(summary=None, summary_in={}), language="fr") is None
    assert update_summary(Update(summary=None, summary_in={"fr": "Oui."}), language="fr") == Words(
        "Oui.", "fr"
    )
