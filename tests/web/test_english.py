"""Words in English on a page of another language: marked where an element can stand, plain elsewhere."""

import json

from models import Database
from models.own_words import Words
from tests.web.record import a_mechanism, a_meeting
from tests.web.visitor import visitor
from web.english import in_english, in_english_if_any, marked_as_html, said, unmarked

TITLE = in_english("A & B", language="ar")


def test_words_of_the_page_are_not_marked() -> None:
    """What is in the page's own language stays as it is, and so does everything on an English page."""
    assert said(Words("Réunion", "fr"), language="fr") == "Réunion"
    assert said(Words("Meeting", "en"), language="en") == "Meeting"
    assert in_english("Meeting", language="en") == "Meeting"
    assert in_english_if_any(None, language="fr") is None
    assert in_english("", language="fr") == ""


def test_english_words_are_marked_once() -> None:
    """They are one element, whatever they went through; without marks they are what they were."""
    marked = said(Words("Meeting", "en"), language="fr")
    assert marked_as_html(f"<p>{marked}</p>") == '<p><bdi lang="en">Meeting</bdi></p>'
    assert in_english(marked, language="fr") == marked
    assert unmarked(marked) == "Meeting"


def test_marks_are_left_out_where_no_element_can_stand() -> None:
    """In attributes, titles, options, text fields and data the words stand alone."""
    title = TITLE.replace("&", "&amp;")
    assert marked_as_html(
        f'<title>{title} – x</title><script type="application/ld+json">{json.dumps({"name": TITLE})}</script>'
        f'<a aria-label="{title}: b" href="/x">{title} · {title}</a><option value="1">{title} (2)</option>'
        f"<svg><title>{title}</title></svg><textarea>{title}</textarea>\ue000 alone"
    ) == (
        '<title>A &amp; B – x</title><script type="application/ld+json">{"name": "A & B"}</script>'
        '<a aria-label="A &amp; B: b" href="/x"><bdi lang="en">A &amp; B</bdi> · '
        '<bdi lang="en">A &amp; B</bdi></a><option value="1">A &amp; B (2)</option>'
        "<svg><title>A &amp; B</title></svg>"
        "<textarea>A &amp; B</textarea>\ue000 alone"
    )


def test_meeting_is_told_in_the_language_of_the_page(sqlite_database: Database) -> None:
    """A title that the language has stands plain; one that it lacks stands in English and says so."""
    with sqlite_database.writing() as session:
        mechanism = a_mechanism(session)
        a_meeting(session, mechanism, slug="one", title="First Meeting", title_in={"ar": "الاجتماع الأول"})
    client = visitor(sqlite_database)
    assert '<h1 class="meeting-title">الاجتماع الأول</h1>' in client.get("/ar/meetings/one").text
    french = client.get("/fr/meetings/one").text
    assert '<h1 class="meeting-title"><bdi lang="en">First Meeting</bdi></h1>' in french
    assert "<title>First Meeting – " in french
    assert '<h1 class="meeting-title">First Meeting</h1>' in client.get("/meetings/one").text
