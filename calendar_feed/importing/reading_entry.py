"""The fields that an entry of a file sets: all it says of a new meeting, what differs of one on record."""

from collections.abc import Mapping

from calendar_feed.facts import MechanismFacts
from calendar_feed.importing.baseline import composed, facts_of_fields
from calendar_feed.importing.mechanisms_named import MechanismNames
from calendar_feed.importing.said import changed_fields, new_fields
from calendar_feed.importing.title_reading import marked_title
from calendar_feed.importing.told import Entry, Told
from calendar_feed.importing.zone_names import country_of
from calendar_feed.reading import meeting_facts
from models.base import Facts
from models.known import Known
from models.meeting import Kind, Meeting, MeetingStatus, Visibility
from models.meeting_fields import MEETING_FIELDS
from models.plain_text import UnwelcomeText
from models.refusal import Refusal
from models.vocabulary import Confidence
from models.when import When
from models.when_change import changed_when

_UNSAID: Facts = {
    **dict.fromkeys(MEETING_FIELDS),
    "kind": Kind.OTHER.value,
    "status": MeetingStatus.PLANNED.value,
    "confidence": Confidence.HIGH.value,
    "visibility": Visibility.PUBLIC.value,
    "when": When.unknown(),
}


class NoMechanism(Refusal):
    """It cannot be told which mechanism's meeting it is."""


class Reading:
    """Entries of one file read against the mechanisms on record; `given` is what --mechanism names."""

    def __init__(
        self,
        known: Known,
        mechanisms: Mapping[str, MechanismFacts],
        names: MechanismNames,
        *,
        given: str | None,
    ) -> None:
        """Take what is known."""
        self.known, self.mechanisms, self.names, self.given = known, mechanisms, names, given

    def new(self, entry: Entry) -> tuple[Facts, list[str]]:
        """Return all that an entry says, its mechanisms too. Raises NoMechanism and refusals of fields."""
        told = entry.told
        if told is None:
            fields = dict(entry.fields)
            if "mechanisms" not in fields:
                fields["mechanisms"] = self._mechanisms((), str(entry.title or ""))
            if not entry.title:
                raise UnwelcomeText("The row has no title; write one.")
            return fields, _zone_warnings(fields)
        if told.record is not None:
            return self._of_record(told, entry)
        slugs = self._mechanisms(told.categories, told.summary)
        fields = new_fields(told, shorts=[self.mechanisms[slug].called(told.language).text for slug in slugs])
        return {**fields, "mechanisms": slugs}, []

    def changed(self, entry: Entry, meeting: Meeting, *, is_named: bool) -> tuple[Facts, list[str]]:
        """Return what an entry says of a meeting found by UID or slug (is_named), or by its title."""
        told = entry.told
        if told is None:
            fields = dict(entry.fields)
            if not is_named:
                fields.pop("title")  # it was found by its title, which is the same in other words
            if isinstance(when := fields.pop("when", None), When) and not _is_coarser(when, meeting.when):
                fields["when"] = _with_known_end(when, meeting.when)
            return fields, _zone_warnings(fields)
        if told.record is not None:
            return self._of_record(told, entry)
        facts = meeting_facts(meeting)
        event = composed(facts, language=told.language)
        if event is None:
            # Feeds show nothing of it (no month known), so whatever the file says is new.
            shorts = [one.called(told.language).text for one in facts.mechanisms]
            fields = new_fields(told, shorts=shorts)
            return {name: value for name, value in fields.items() if name not in {"kind", "status"}}, []
        fields, warnings = changed_fields(told, known=facts, event=event, is_exact=False)
        if not is_named:
            fields.pop("title", None)  # it was found by its title, which is the same in other words
        return fields, [*warnings, *self._other_mechanism(meeting)]

    def _of_record(self, told: Told, entry: Entry) -> tuple[Facts, list[str]]:
        """Read what our export kept beside an event, and what was changed in the event since."""
        record = told.record or {}
        try:
            checked = MEETING_FIELDS.check(_UNSAID | record)
        except (ValueError, TypeError) as error:
            raise UnwelcomeText(
                f"What our export kept of the event in line {entry.line} cannot be read ({error})."
            ) from error
        checked["mechanisms"] = self.known.mechanism_slugs(checked["mechanisms"])
        fields = {name: checked[name] for name in checked if name in record}
        fields["when"] = When.kept(checked["when"])
        facts = facts_of_fields(
            checked, uid=entry.uid or "", slug=entry.slug or "", mechanisms=self.mechanisms
        )
        event = composed(facts, language=told.language)
        if event is None:
            return fields, []
        since, warnings = changed_fields(told, known=facts, event=event, is_exact=True)
        return fields | since, warnings

    def _mechanisms(self, categories: tuple[str, ...], title: str) -> list[str]:
        if self.given:
            return [self.given]
        plain = marked_title(title, is_ours=False)[1]
        found = self.names.of_categories(categories) or self.names.of_title(plain)
        if not found:
            raise NoMechanism(
                "It cannot be told which mechanism's meeting this is: neither its categories nor its title "
                "name one. Name it with --mechanism, or in a column “mechanism”."
            )
        return found

    def _other_mechanism(self, meeting: Meeting) -> list[str]:
        slugs = [one.slug for one in meeting.mechanisms]
        if self.given is None or self.given in slugs:
            return []
        return [f"It is on record as a meeting of {', '.join(slugs)}, not of {self.given}; that was left so."]


def _is_coarser(when: When, known: When) -> bool:
    """Say whether days alone are given where the hours of the same days are known."""
    if when.start_time is not None or known.start_time is None:
        return False
    return (when.first, when.last) == (known.first, known.last)


def _with_known_end(when: When, known: When) -> When:
    """Return what a row means that gives a beginning alone: the meeting lasts as long as it did."""
    if when.last is not None or when.first is None or known.last is None:
        return when
    if when.start_text == known.start_text:
        return known
    return changed_when(known, start=when.start_text, zone=when.zone)


def _zone_warnings(fields: Facts) -> list[str]:
    when, country = fields.get("when"), fields.get("country")
    if not country or not isinstance(when, When) or when.zone is None:
        return []
    if country_of(when.zone) in {None, country}:
        return []
    return [
        f"The hours are on the clock of {when.zone}, which is not in the country of the meeting ({country})."
    ]
