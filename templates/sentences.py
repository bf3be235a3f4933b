"""Every sentence people read, gathered for translators, and what they answered.

`make catalogs` writes translations/iscm.pot and brings translations/LANGUAGE.po up to date with it;
`make catalogs ARGS=--check` writes nothing, and exits 1 where a file would change or lacks a sentence.
"""

import sys
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from templates.languages import locale_of

ROOT: Final = Path(__file__).parents[1]
FILE: Final = Path(__file__).parent / "translations" / "iscm.pot"
LANGUAGES: Final = ("fr", "es", "ar")
"""The languages that have a catalogue; English needs none."""

_ROOMS: Final = ("templates", "web", "calendar_feed", "newsletter")
_WIDTH: Final = 110
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
# Where many sentences stand together the catalogue's gettext goes by the name of what it gives. Refusals that
# forms show to readers carry their sentence, which is translated where it is shown.
_KEYWORDS: Final = {**DEFAULT_KEYWORDS, "sentence": None, "BadAddress": None, "SameAddress": None}
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
    write_po(written, catalogue, width=_WIDTH, omit_header=True, sort_by_file=True, include_lineno=False)
    return _HEADER.encode() + written.getvalue()


def file_of(language: str) -> Path:
    """Return where the translations of a language are kept."""
    return FILE.with_name(f"{language}.po")


def renewed(kept: bytes, *, language: str, template: bytes) -> bytes:
    """Return a catalogue in the order of the template: new sentences empty, those no longer said left out.

    The head of the file, up to its first empty line, stays as its translators wrote it.
    """
    catalogue = read_po(BytesIO(kept), locale=locale_of(language))
    # A translation guessed from a similar sentence would be shown to readers: none is taken over.
    catalogue.update(read_po(BytesIO(template)), no_fuzzy_matching=True)
    written = BytesIO()
    write_po(written, catalogue, width=_WIDTH, omit_header=True, ignore_obsolete=True, include_lineno=False)
    head, _, _ = kept.partition(b"\n\n")
    return head + b"\n\n" + written.getvalue()


def lacking(kept: bytes) -> list[str]:
    """Return the sentences of a catalogue that have no translation, not all its forms, or a doubtful one."""
    return [
        message.id if isinstance(message.id, str) else message.id[0]
        for message in read_po(BytesIO(kept))
        if message.id and (message.fuzzy or not all(forms(message)))
    ]


def forms(message: Message) -> tuple[str, ...]:
    """Return the translations of a sentence: one, or as many as the language has plural forms."""
    said = message.string or ""
    return (said,) if isinstance(said, str) else tuple(said)


def _main(*, writes: bool) -> int:
    template = gathered()
    files = {FILE: template}
    for language in LANGUAGES:
        file = file_of(language)
        files[file] = renewed(file.read_bytes(), language=language, template=template)
        print(f"{file.name}: {len(lacking(files[file]))} sentences to translate")  # noqa: T201 - it is a command
    changed = [file for file, content in files.items() if file.read_bytes() != content]
    if writes:
        for file in changed:
            file.write_bytes(files[file])
        return 0
    for file in changed:
        print(f"{file.name} is not up to date: run `make catalogs`", file=sys.stderr)  # noqa: T201 - it is a command
    return 1 if changed or any(lacking(files[file_of(language)]) for language in LANGUAGES) else 0


if __name__ == "__main__":
    sys.exit(_main(writes="--check" not in sys.argv[1:]))
