"""What came of a meeting, and what it was about, as the end of its sentence."""

import re
from collections.abc import Sequence
from itertools import groupby
from typing import Final

from newsletter.facts import OutcomeFacts
from newsletter.wording.titles import is_foreign
from templates.countries import territory_names
from templates.text import joined

# A title of nothing but these words names a sort of document, not one: "issued a Co-Chairs' Statement".
_GENERIC: Final = frozenset(
    [
        "action",
        "agreed",
        "and",
        "chair",
        "chair's",
        "chairs",
        "chairs'",
        "co",
        "co-chair's",
        "co-chairs",
        "co-chairs'",
        "communiqué",
        "communique",
        "conclusions",
        "declaration",
        "extraordinary",
        "final",
        "joint",
        "ministerial",
        "modalities",
        "operating",
        "outcome",
        "plan",
        "political",
        "report",
        "statement",
        "summary",
    ]
)
_SUBJECT_ENDS: Final = re.compile(r"\s(?:on|of|for|in|to|with|towards)\s")
_SCOPE: Final = re.compile(r"\s(?:on|for|about|towards)\s")
_ADOPTED_BY: Final = re.compile(r"\s+(?:adopted|endorsed|issued) by\b.*$")
_TAKES_THE: Final = frozenset(
    [
        "draft",
        "follow-up",
        "future",
        "impact",
        "implementation",
        "launch",
        "nexus",
        "preparation",
        "review",
        "role",
        "state",
        "use",
        "way",
    ]
)
# Names with many capitals, which would make a plain subject look like a motto.
_NAMES: Final = re.compile(
    r"Global Compacts?(?: (?:for|on) [A-Z][\w, ]*?(?:Migration|Refugees))?|New York Declaration|2030 Agenda|"
    r"(?:International|Global|Joint|Regional)(?: [A-Z]\w+)+"
)
_ADJECTIVES: Final = frozenset(
    [
        "African",
        "American",
        "Andean",
        "Arab",
        "Asian",
        "Atlantic",
        "Caribbean",
        "Eurasian",
        "European",
        "Iberian",
        "Latin",
        "Mediterranean",
        "Pacific",
        "Sahelian",
        "Venezuelan",
    ]
)


def came_of_it(outcomes: Sequence[OutcomeFacts]) -> str:
    """Write what was adopted, endorsed, recommended or issued: "adopted the Colombo Declaration".

    May be empty.
    """
    done = [outcome for outcome in outcomes if outcome.act != "expected"]
    groups = groupby(done, key=lambda outcome: outcome.act or "issued")
    return joined([f"{act} {joined([document(outcome) for outcome in group])}" for act, group in groups])


def expected(outcomes: Sequence[OutcomeFacts]) -> str:
    """Write the documents that were only expected: "the Kathmandu Declaration"; may be empty."""
    return joined([document(outcome) for outcome in outcomes if outcome.act == "expected"])


def document_title(outcome: OutcomeFacts) -> str:
    """Return a document's title less what its verb says ("40 recommendations adopted by Ministers")."""
    return _ADOPTED_BY.sub("", outcome.title) or outcome.title


def document(outcome: OutcomeFacts) -> str:
    """Write a document with the article its title needs, if any."""
    title = document_title(outcome)
    if is_foreign(title) or (outcome.language or "en") != "en":
        return f"“{title}”"
    first, _, rest = title.partition(" ")
    if first.lower() in {"the", "a", "an"}:
        return f"{first.lower()} {rest}"
    subject = _SUBJECT_ENDS.split(title)[0]
    last_word = subject.split()[-1]
    if last_word.islower() and last_word.endswith("s"):
        return title
    if " of " not in title and _is_generic(_SCOPE.split(title)[0]):
        return f"{'an' if title[0] in 'AEIOU' else 'a'} {title}"
    return f"the {title}"


def _is_generic(subject: str) -> bool:
    return all(word.casefold().replace("’", "'") in _GENERIC for word in subject.split())


def about(theme: str) -> str:
    """Write what a meeting was about: "on return migration", "on “Addressing Challenges Together”"."""
    theme = " ".join(theme.split()).rstrip(".")
    if _is_motto(theme):
        return f"on “{theme}”"
    first, _, rest = theme.partition(" ")
    if not _is_name(first, rest):
        first = first.lower()
    subject = _SUBJECT_ENDS.split(theme)[0]
    head = first if set(",:") & set(subject) else subject.split()[-1]
    takes_the = not _TAKES_THE.isdisjoint({first.casefold().strip(":,"), head.casefold()}) or _NAMES.match(
        theme
    )
    article = "the " if takes_the and first not in {"the", "a", "an"} else ""
    return f"on {article}{_listed(f'{first} {rest}'.rstrip())}"


def _listed(subjects: str) -> str:
    """Put "and" before the last of three subjects or more that only commas part."""
    most, comma, last = subjects.rpartition(", ")
    parts_with_commas_only = comma and ", " in most and " and " not in last and " or " not in last
    return f"{most} and {last}" if parts_with_commas_only else subjects


def _is_name(first: str, rest: str) -> bool:
    """Say whether the first word keeps its capital.

    An acronym, a name of a place, or the first of several words of a name.
    """
    if not first[1:].replace("-", "").strip(":,").islower() or re.match(r"[A-Z][a-z]", rest):
        return True
    plain = first.strip(":,")
    return plain.removesuffix("'s").removesuffix("’s") in _ADJECTIVES | set(territory_names("en").values())


def _is_motto(theme: str) -> bool:
    """Say whether a theme is a motto ("Addressing Challenges Together") and not a subject."""
    if re.match(r"(?:\w+ )?[Ww]e\b", theme):
        return True
    words = [word for word in re.findall(r"[^\W\d][\w'’-]+", _NAMES.sub("", theme))[1:] if len(word) > 3]
    return len(words) >= 2 and sum(word[0].isupper() for word in words) >= 0.8 * len(words)
