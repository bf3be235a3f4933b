"""Every sentence people read, gathered for translators: `make catalogs` writes translations/iscm.pot."""

from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import write_po

ROOT: Final = Path(__file__).parents[1]
FILE: Final = Path(__file__).parent / "translations" / "iscm.pot"

_ROOMS: Final = ("templates", "web", "calendar_feed")
_TEMPLATE: Final = "jinja2.ext:babel_extract"
_METHODS: Final = [
    ("**.py", "python"),
    ("**.html", _TEMPLATE),
    ("**.txt", _TEMPLATE),
    ("**.xml", _TEMPLATE),
    ("**.svg", _TEMPLATE),
]
_OPTIONS: Final = {
    pattern: {"trimmed": "true", "silent": "false", "newstyle_gettext": "true"}
    for pattern, method in _METHODS
    if method == _TEMPLATE
}
# Where many sentences stand together the catalogue's gettext goes by the name of what it gives.
_KEYWORDS: Final = {**DEFAULT_KEYWORDS, "sentence": None}
_HEADER: Final = """\
# The sentences of the house, in English. `make catalogs` writes this file; the files beside it answer it.
msgid ""
msgstr ""
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def gathered(root: Path = ROOT) -> bytes:
    """Return the template of all catalogues: the same bytes from the same files, wherever and whenever.

    Each sentence stands once with the files it is used in; lines are left out, so that a change elsewhere in
    a file changes nothing here.
    """
    catalogue = Catalog(fuzzy=False)
    for room in _ROOMS:
        found = extract_from_dir(
            root / room,
            method_map=_METHODS,
            options_map=_OPTIONS,
            keywords=_KEYWORDS,
            comment_tags=("Translators:",),
            strip_comment_tags=True,
        )
        for name, line, message, comments, context in found:
            catalogue.add(message, None, [(f"{room}/{name}", line)], auto_comments=comments, context=context)
    written = BytesIO()
    write_po(written, catalogue, width=110, omit_header=True, sort_by_file=True, include_lineno=False)
    return _HEADER.encode() + written.getvalue()


if __name__ == "__main__":
    FILE.write_bytes(gathered())
