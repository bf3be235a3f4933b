"""What the registry last said of a record: the measure of what an editor has changed since."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Facts, Record


class RegistryFacts(Record):
    """The fields of one record as the registry's files last gave them, by kind and code (its slug).

    A field of the record that differs from this was changed by an editor. The row stays when an editor
    deletes the record: that is how it is known not to bring it back.
    """

    __tablename__ = "registry_facts"

    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    code: Mapped[str] = mapped_column(String(200), primary_key=True)
    facts: Mapped[Facts]
