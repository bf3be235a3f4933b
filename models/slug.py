"""Slugs: the public names of records, made once and never given to another record."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.meeting import Tombstone
from models.revision import Revision
from templates.text import slugify

LONGEST = 80
"""Characters of a slug that is made here, before a number is put behind it."""


def new_slug(session: Session, *, kind: str, table: Any, wanted: str) -> str:  # noqa: ANN401 - any record with a slug
    """Return wanted as a slug, with -2, -3 and so on where it is or ever was that of another record.

    kind is that of the record's revisions; table is its class. Where nothing of wanted can stand in an
    address, the kind itself is taken.
    """
    stem = slugify(wanted)
    if len(stem) > LONGEST:
        stem = stem[: LONGEST + 1].rpartition("-")[0] or stem[:LONGEST]
    stem = stem or kind
    taken = set(session.scalars(select(table.slug).where(table.slug.startswith(stem, autoescape=True))))
    once = select(Revision.code).where(Revision.kind == kind, Revision.code.startswith(stem, autoescape=True))
    taken |= set(session.scalars(once))
    if kind == "meeting":
        taken |= set(session.scalars(select(Tombstone.slug)))
    number = 1
    while (slug := stem if number == 1 else f"{stem}-{number}") in taken:
        number += 1
    return slug
