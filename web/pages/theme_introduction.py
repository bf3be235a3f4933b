"""A few sentences on the themes that need them, in our own words."""

from typing import Final

from templates.languages import ENGLISH, catalogue


def _(sentence: str) -> str:
    """Mark a sentence for the catalogue; it is translated when it is asked for."""
    return sentence


_INTRODUCTIONS: Final = {
    "gcm": (
        _(
            "The Global Compact for Safe, Orderly and Regular Migration is a framework of States for "
            "cooperation on migration in all its dimensions, prepared under the auspices of the United "
            "Nations. It was adopted at Marrakech in December 2018 and endorsed by the General Assembly in "
            "the same month. It has 23 objectives and is not legally binding."
        ),
        _(
            "Every four years States review what was done about it in the International Migration Review "
            "Forum, first in 2022 and again in 2026. The mechanisms had their part in making it: the seventh "
            "Global Meeting of their Chairs and Secretariats contributed to it. Today they are among the "
            "places where States compare how they put it into practice."
        ),
    ),
    "agenda-2030": (
        _(
            "The 2030 Agenda for Sustainable Development was adopted by the General Assembly in September "
            "2015. Target 10.7 of its Goals asks for orderly, safe, regular and responsible migration and "
            "mobility of people; others speak of migrant workers, of trafficking in persons and of what it "
            "costs to send money home."
        ),
        _(
            "The mechanisms bring the Goals into the consultations of one region at a time. The sixth Global "
            "Meeting of their Chairs and Secretariats arrived at a joint position on them."
        ),
    ),
    "climate": (
        _(
            "People move when seas rise, rains fail or storms strike, mostly inside their own countries, "
            "some across a border. The Global Compact asks States to lessen what drives people away, "
            "disasters and climate change among it, and to be prepared for those who move."
        ),
        _(
            "Several mechanisms consult about it, some of them with an eye to the conferences of the Parties "
            "(COP) to the United Nations Framework Convention on Climate Change."
        ),
    ),
}


def theme_introduction(slug: str, *, language: str = ENGLISH) -> tuple[str, ...]:
    """Return the paragraphs about a theme; none for one whose name says it all."""
    return tuple(catalogue(language).gettext(sentence) for sentence in _INTRODUCTIONS.get(slug, ()))
