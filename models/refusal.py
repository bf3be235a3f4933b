"""The sentence a person reads when the program will not do what was asked."""


class Refusal(Exception):  # noqa: N818 - "refusal" is the word of this house; "RefusalError" says it twice
    """Something a person asked for that cannot be done, with the reason and what to do instead.

    The message is shown as it stands: on stderr by the command line (exit code 1), beside the field on a
    page, in its row by an import. It never holds a secret or somebody else's address.
    """
