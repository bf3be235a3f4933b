"""The address of a calendar as a QR code."""

import re
from datetime import date
from io import BytesIO

import segno
from PIL import Image
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from models import When
from newsletter.pdf.paper import make_pdf
from newsletter.pictures.code import drawn_code
from newsletter.pictures.png import png_of
from newsletter.rendering import render_letter
from tests.newsletter.issue_facts import SITE, a_meeting, an_issue
from tests.newsletter.pdf.test_paper import tags
from tests.newsletter.sections.test_drawn import IMPRINT

_ADDRESS = "https://calendar.example.org/fr/feeds/type/rcp.ics"


def test_code_says_the_address_in_sharp_dots_with_a_quiet_edge() -> None:
    """By webcal, so that a telephone subscribes; each module is one square, black or white."""
    drawn = drawn_code(_ADDRESS)
    modules = segno.make_qr("webcal://calendar.example.org/fr/feeds/type/rcp.ics", error="m")
    with Image.open(BytesIO(png_of(drawn.svg, width=drawn.width))) as png:
        grey = png.convert("L")
    dots = grey.width // (len(modules.matrix) + 8)
    assert grey.size == (2 * drawn.width, 2 * drawn.height) == ((len(modules.matrix) + 8) * dots,) * 2
    seen = [
        [
            {grey.getpixel((column * dots + x, row * dots + y)) for x in (0, dots - 1) for y in (0, dots - 1)}
            for column in range(len(modules.matrix) + 8)
        ]
        for row in range(len(modules.matrix) + 8)
    ]
    assert seen == [[{0} if dark else {255} for dark in row] for row in modules.matrix_iter(border=4)]


def test_first_feed_has_its_code_in_the_letter_on_the_web_and_on_paper() -> None:
    """With words in its place; the text part has the address alone."""
    tree = an_issue(a_meeting(when=When.days(date(2026, 6, 8), date(2026, 6, 8))), year=2026)
    letter = render_letter(tree, IMPRINT)
    (code,) = (one for one in letter.pictures if one.shows == "code")
    assert code == drawn_code(f"{SITE}/feeds/all.ics")
    shown = re.findall(r"<img [^>]*>", letter.html)
    assert [f'src="cid:{code.cid}"' in one and 'alt="QR code of this' in one for one in shown].count(
        True
    ) == 1
    assert str(code.svg) in letter.web
    assert "QR" not in letter.text
    root = PdfReader(BytesIO(make_pdf(tree, IMPRINT))).trailer["/Root"].get_object()
    assert isinstance(root, DictionaryObject)
    structure = root["/StructTreeRoot"].get_object()
    assert isinstance(structure, DictionaryObject)
    assert tags(structure).count("/Figure") == 1
