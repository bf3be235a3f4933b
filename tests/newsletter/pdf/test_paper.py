"""The PDF edition."""

import re
from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from models import When
from newsletter.highlights import EditorsText, Highlights
from newsletter.pdf import paper
from newsletter.pdf.paper import NoTypst, make_pdf
from newsletter.rendering import Imprint
from tests.newsletter.issue_facts import SITE, a_meeting, an_issue

IMPRINT = Imprint(base_url=SITE, postal_address="1 Example Street, 1211 Geneva", has_pdf=True)


def a_year(language: str = "en") -> Highlights:
    """An issue with both pictures: two meetings in two months and countries."""
    return an_issue(
        a_meeting(language=language),
        a_meeting(
            uid="meeting-2",
            slug="bali-process-20170905",
            mechanisms=("bali-process",),
            title="Senior Officials’ Meeting",
            country="ID",
            city="Jakarta",
            when=When.days(date(2017, 9, 5), date(2017, 9, 5)),
            language=language,
        ),
        language=language,
    )


def tags(element: DictionaryObject) -> list[str]:
    """The names of all elements of a structure tree, in the order of reading."""
    found = [str(element["/S"])] if "/S" in element else []
    children = element.get("/K", [])
    for child in children if isinstance(children, list) else [children]:
        inner = child.get_object()
        if isinstance(inner, DictionaryObject):
            found += tags(inner)
    return found


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_pdf_is_tagged_in_each_language(language: str) -> None:
    """It says its language and title, conforms to PDF/UA, and tags headings, tables and pictures."""
    tree = a_year(language)
    made = make_pdf(tree, IMPRINT)
    assert made == make_pdf(tree, IMPRINT)
    document = PdfReader(BytesIO(made))
    root = document.trailer["/Root"].get_object()
    assert isinstance(root, DictionaryObject)
    assert str(root["/Lang"]) == language
    assert root["/MarkInfo"].get_object()["/Marked"].value is True  # type: ignore[index]  # pypdf knows no nested types
    assert document.metadata is not None
    assert document.metadata.title == tree.title
    assert b"pdfuaid" in bytes(document.xmp_metadata.stream.get_data()) if document.xmp_metadata else False
    structure = root["/StructTreeRoot"].get_object()
    assert isinstance(structure, DictionaryObject)
    found = tags(structure)
    assert found.count("/Figure") == 2
    assert {"/H1", "/H2", "/H3", "/Table", "/TH", "/TD", "/Link", "/P"} <= set(found)
    assert "/H4" not in found
    fonts = {
        re.sub(r"^/[A-Z]{6}\+", "", str(font.get_object()["/BaseFont"]))
        for page in document.pages
        for font in page["/Resources"]["/Font"].values()  # type: ignore[index]  # pypdf knows no nested types
    }
    assert fonts
    assert {name.split("-")[0] for name in fonts} <= {"ISCMSans", "ISCMSansArabic"}
    assert any("Arabic" in name for name in fonts) == (language == "ar")


def test_pdf_says_what_the_letter_says() -> None:
    """Sentences, an editor's paragraphs and lists, the facts of pictures and the address of the issue."""
    texts = {"foreword/text": EditorsText(text="Dear *readers*\n\n- one\n- two", source_hash=None)}
    document = PdfReader(BytesIO(make_pdf(a_year().with_texts(texts), IMPRINT)))
    said = " ".join(" ".join(page.extract_text() for page in document.pages).split())
    for words in ("Dear readers", "two", "Host countries: Indonesia, Zambia.", f"{SITE}/highlights/2017"):
        assert words in said


def test_missing_typst_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks for the PDF without the extra learns what to install."""
    monkeypatch.setattr(paper, "has_typst", lambda: False)
    with pytest.raises(NoTypst, match=r'pip install "typst>=0\.15,<0\.16"'):
        make_pdf(a_year(), IMPRINT)
