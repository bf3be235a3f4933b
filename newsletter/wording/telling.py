"""What a sentence about a meeting is made of, whatever its language."""

from dataclasses import dataclass

from newsletter.highlights import Foreign


@dataclass(frozen=True, slots=True)
class Telling:
    """A sentence about a meeting, and the words in it that name the meeting (a link can stand on them).

    foreign are the words of it that are in another language.
    """

    sentence: str
    title: str
    foreign: tuple[Foreign, ...] = ()
