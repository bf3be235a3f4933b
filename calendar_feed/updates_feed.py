"""The updates as a feed: of all mechanisms or of one, what changed last first, with what was deleted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time
from heapq import nlargest

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from calendar_feed.entry_feed import MOST_ENTRIES, Category, Entry, EntryFeed, Gone, identity_of, steady_time
from models.mechanism import Mechanism
from models.own_words import mechanism_short_name, update_summary, update_title
from models.update import Update, UpdateMechanism
from models.update_fields import written_date
from models.update_history import UpdateHistory
from templates.languages import ENGLISH, catalogue
from templates.words import word

_HELP = "/help/calendar"


@dataclass(frozen=True, slots=True)
class Reader:
    """In which language somebody reads, and on which site (`base_url` without a slash at its end)."""

    language: str
    base_url: str

    def address(self, path: str) -> str:
        """Return the whole address of a page in the reader's language."""
        prefix = "" if self.language == ENGLISH else f"/{self.language}"
        return f"{self.base_url}{prefix}{path}"


def read_updates_feed(
    session: Session, history: UpdateHistory, *, mechanism: str | None, reader: Reader
) -> EntryFeed | None:
    """Return the feed of all updates, or of those about the mechanism with this slug; None where none has it.

    It holds the newest MOST_ENTRIES by their last change, and as many that are gone. An entry's `updated` is
    when the update changed last on record, `published` its own day; the feed's `updated` is the time of the
    last change of any update that is, or was, in it, or of a mechanism, whose name its entries bear.
    """
    found = None
    if mechanism is not None:
        found = session.scalar(select(Mechanism).where(Mechanism.slug == mechanism))
        if found is None:
            return None
    since = _times(session, history, of=found)
    newest = nlargest(MOST_ENTRIES, since, key=lambda slug: since[slug])
    left = history.gone if mechanism is None else history.left.get(mechanism, {})
    gone = nlargest(MOST_ENTRIES, left, key=lambda slug: (left[slug], slug))
    moments = history.moments if mechanism is None else history.moments_of.get(mechanism, frozenset())
    _ = catalogue(reader.language).gettext
    title, page = _("Updates"), "/updates"
    if found is not None:
        name = mechanism_short_name(found, language=reader.language).text
        title, page = _("Updates: %(name)s") % {"name": name}, f"/mechanisms/{found.slug}"
    return EntryFeed(
        identity=identity_of("updates", mechanism or "", reader.language),
        title=f"ISCM – {title}",
        subtitle=_("News of the mechanisms, newest first: foundings, chairs, outcomes."),
        page=reader.address(page),
        about=reader.address(_HELP),
        language=reader.language,
        updated=steady_time(
            {*moments, *history.renamed, *(changed for changed, _day, _slug in since.values())}
        ),
        entries=tuple(_entries(session, newest, {slug: since[slug][0] for slug in newest}, reader)),
        gone=tuple(Gone(_identity(slug), left[slug]) for slug in gone),
    )


def _times(
    session: Session, history: UpdateHistory, *, of: Mechanism | None
) -> dict[str, tuple[datetime, str, str]]:
    """Return by slug when each update changed last, and what orders those that changed together."""
    light = select(Update.slug, Update.day, Update.created_at)
    if of is not None:
        about = select(UpdateMechanism.update_id).where(UpdateMechanism.mechanism_id == of.id)
        light = light.where(Update.id.in_(about))
    return {
        slug: (history.changed.get(slug, made), day.isoformat(), slug)
        for slug, day, made in session.execute(light)
    }


def _entries(
    session: Session, slugs: list[str], changed: dict[str, datetime], reader: Reader
) -> Iterator[Entry]:
    """Give the entries of these updates, in their order."""
    whole = (
        select(Update)
        .where(Update.slug.in_(slugs))
        .options(selectinload(Update.places).joinedload(UpdateMechanism.mechanism))
    )
    found = {update.slug: update for update in session.scalars(whole)}
    return (_entry(found[slug], changed[slug], reader) for slug in slugs)


def _entry(update: Update, changed: datetime, reader: Reader) -> Entry:
    title = update_title(update, language=reader.language)
    summary = update_summary(update, language=reader.language)
    return Entry(
        identity=_identity(update.slug),
        title=title.text,
        url=reader.address(f"/updates/{update.slug}"),
        published=datetime.combine(update.day, time(), UTC),
        updated=changed,
        language=title.language,
        text=summary.text if summary else None,
        source=update.url,
        categories=tuple(_categories(update, reader)),
        facts={
            "kind": update.kind.value,
            "mechanisms": [mechanism.slug for mechanism in update.mechanisms],
            "date": written_date(update),
        },
    )


def _categories(update: Update, reader: Reader) -> Iterator[Category]:
    kind = word("update kind", update.kind, language=reader.language)
    yield Category(update.kind.value, kind, f"{reader.base_url}/updates")
    for mechanism in update.mechanisms:
        name = mechanism_short_name(mechanism, language=reader.language).text
        yield Category(mechanism.slug, name, f"{reader.base_url}/mechanisms")


def _identity(slug: str) -> str:
    return identity_of("update", slug)
