"""The sentence a person reads when the program will not do what was asked."""

from templates.isolates import isolated
from templates.languages import catalogue


class Refusal(Exception):  # noqa: N818 - "refusal" is the word of this house; "RefusalError" says it twice
    """Something a person asked for that cannot be done, with the reason and what to do instead.

    The message is shown as it stands: on stderr by the command line (exit code 1), beside the field on a
    page, in its row by an import. It never holds a secret or somebody else's address.
    """

    def __init__(self, sentence: str = "", **values: object) -> None:
        """Refuse in an English sentence, or in one that is in the catalogues, with the values of its places.

        A place is written `%(name)s`; without values a sentence is taken as it stands, percent signs too.
        """
        super().__init__(sentence % values if values else sentence)
        self._sentence, self._values = sentence, values

    def in_language(self, language: str) -> str:
        """Return the sentence as a page of a language shows it; in English where no catalogue has it."""
        if not self._sentence:
            return ""
        said = catalogue(language).gettext(self._sentence)
        values = {name: isolated(str(value), language=language) for name, value in self._values.items()}
        return said % values if values else said
