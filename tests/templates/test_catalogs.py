"""What translators answered: all of it, in the template's order, with the same places for values."""

import re
from io import BytesIO
from typing import Final

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from templates.languages import catalogue, locale_of
from templates.sentences import FILE, LANGUAGES, file_of, forms, lacking, renewed

# A place for a value, an element of HTML, a mark of Markdown, a command to type: none may change.
PLACE: Final = re.compile(
    r"%\(\w+\)[sd]|%[sd]|\{\w+\}|</?\w+[^>]*>|\*\*|`[^`]*`|\]\([^)]*\)|\biscm(?: [a-z]+)+(?: NAME)?"
)
# Names and acronyms that no language of the house writes otherwise.
NAMES: Final = re.compile(r"\b(?:ISCM|GRCP|IRF|UTC|PDF|Highlights|Google|Calendar|Outlook|com)\b")
WORD: Final = re.compile(r"[^\W\d_]{2,}")
EDGES: Final = re.compile(r"^(\s*).*?(\s*)$", re.DOTALL)

# Words of the house that are written alike, and mean the same there.
SAME: Final[dict[str, set[str]]] = {
    "fr": {
        "communiqué", "consultation", "contact", "date", "document", "documents", "guide", "institution",
        "menu", "page", "source", "sources", "type",
    },
    "es": {"interregional", "regional"},
    "ar": set(),
}  # fmt: skip


def answered(language: str) -> list[Message]:
    """Every sentence of a catalogue, as its file holds it."""
    kept = read_po(BytesIO(file_of(language).read_bytes()), locale=locale_of(language))
    return [message for message in kept if message.id]


def english(message: Message) -> tuple[str, ...]:
    """The sentence itself: one, or its two forms."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def said(language: str) -> list[tuple[str, str]]:
    """Each translation beside its sentence; what has more forms than English answers its plural."""
    return [(english(message)[-1], form) for message in answered(language) for form in forms(message)]


def places(text: str) -> list[str]:
    """The places and marks of a sentence, whatever their order."""
    return sorted(PLACE.findall(text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated(language: str) -> None:
    """No page, letter or feed says something in English because nobody translated it."""
    assert lacking(file_of(language).read_bytes()) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogue_answers_the_template(language: str) -> None:
    """Each sentence of the template once, in its order, and none that is no longer said."""
    file = file_of(language).read_bytes()
    assert file.decode() == renewed(file, language=language, template=FILE.read_bytes()).decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_places_and_marks(language: str) -> None:
    """No value is lost and none is asked for that is not given; forms for few may say the number in words."""
    wrong = []
    for message in answered(language):
        *fewer, most = forms(message)
        known = set(places(" ".join(english(message))))
        if places(most) != places(english(message)[-1]) or any(set(places(form)) - known for form in fewer):
            wrong.append(message.id)
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_plural_forms_are_those_of_cldr(language: str) -> None:
    """The rule in the file tells numbers apart as CLDR does, and each counted sentence has each form."""
    counted = [message for message in answered(language) if isinstance(message.id, tuple)]
    plural = locale_of(language).plural_form
    words = {plural(number) for number in range(1001)}
    assert {len(forms(message)) for message in counted} == {len(words)}
    one = next(message for message in counted if len(set(forms(message))) == len(words))
    singular, several = english(one)
    ngettext = catalogue(language).ngettext
    assert len({(ngettext(singular, several, number), plural(number)) for number in range(1001)}) == len(
        words
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_begin_and_end_as_the_sentence_does(language: str) -> None:
    """What is set in front of a title keeps the blank behind it, and nothing else gets one."""
    assert [
        (sentence, form)
        for sentence, form in said(language)
        if EDGES.sub(r"\1|\2", sentence) != EDGES.sub(r"\1|\2", form)
    ] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_left_in_english(language: str) -> None:
    """What reads as in English is a name, has no words, or is made of words that both languages share."""
    alike = {form for message in answered(language) for form in forms(message) if form in english(message)}
    own_words = {
        form: {word.casefold() for word in WORD.findall(NAMES.sub("", PLACE.sub("", form)))} for form in alike
    }
    assert [form for form, words in own_words.items() if words - SAME[language]] == []


@pytest.mark.parametrize("language", ["fr", "es"])
def test_apostrophes_are_typographic(language: str) -> None:
    """The house writes ’ and never '."""
    assert [form for _, form in said(language) if re.search(r"\w'\w", form)] == []


def test_french_has_its_spaces() -> None:
    """A narrow blank that never breaks stands before ; : ! ? and inside « », which are its only quotes."""
    wrong = re.compile(r"\w[;:!?»](?=\s|$)|[ \u00a0][;:!?»]|«[^\u202f]|[“”]")
    assert [form for _, form in said("fr") if wrong.search(PLACE.sub("x", form))] == []


def test_spanish_opens_its_questions() -> None:
    """Every ? has its ¿ in front, every ! its ¡."""
    pairs = (("¿", "?"), ("¡", "!"))
    assert [
        form for _, form in said("es") if any(form.count(opens) != form.count(ends) for opens, ends in pairs)
    ] == []


def test_new_sentence_is_left_to_translators() -> None:
    """`make catalogs` adds what is new in its place, without a guess, and drops what is no longer said."""
    head = 'msgid ""\nmsgstr ""\n"Language: fr\\n"\n\n'
    kept = f'{head}msgid "Gone"\nmsgstr "Parti"\n\nmsgid "Kept"\nmsgstr "Gardé"\n'
    template = 'msgid "Kepd"\nmsgstr ""\n\n#: web/a.py\nmsgid "Kept"\nmsgstr ""\n'
    now = renewed(kept.encode(), language="fr", template=template.encode())
    assert now.decode() == f'{head}msgid "Kepd"\nmsgstr ""\n\n#: web/a.py\nmsgid "Kept"\nmsgstr "Gardé"\n\n'
    assert lacking(now) == ["Kepd"]
