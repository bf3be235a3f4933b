"""The whole examination: every check once, in the order in which one thing rests on another.

What cannot be looked at because something else has failed is left out: one cause, one problem.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.exc import SQLAlchemyError

from calendar_feed.on_disk.writing import files_behind
from calendar_feed.overview import NothingPublished, check_feeds, list_feeds
from iscm.doctor import asking, bounces, database, mail, moments, places, sender_domain, site, work
from iscm.doctor.finding import Finding, problem
from iscm.doctor.names import Names
from iscm.doctor.sender_domain import Identity
from iscm.loopback import is_loopback, leads_here
from iscm.secret_key import NAME
from iscm.setting_rules import domain_of
from iscm.settings import Settings
from iscm.signing import signer_of
from models import Database, Refusal
from models.alarm_course import open_alarms
from models.backup_age import newest_backup
from models.database import NEWEST, explain
from models.masking import masked
from models.search.index import search_index_gaps
from models.vital_signs import VitalSigns, read_vital_signs
from newsletter.bounces.maildir import require_maildir


def examine(
    settings: Settings, house: Database, *, now: datetime, names: Names | None = None
) -> Iterator[Finding]:
    """Yield the finding of every check. names are the DNS records to compare with, where some were given."""
    of_database, is_current = _database(house)
    yield from of_database
    if is_current:
        yield _whole(house)
    yield from _places(settings, now=now)
    yield from _mail(settings, now=now)
    yield from _sender_domain(settings, names)
    yield site.of_base_url(settings.base_url, leaves=not settings.uses_local_mailbox)
    yield site.of_proxies(settings.trusted_proxies, base_url=settings.base_url)
    release, installed = asking.zones_release()
    yield moments.of_zones(release=release, installed=installed, today=now.date())
    if not is_current:
        yield moments.of_clock(now=now, server=None, newest=None)
        return
    try:
        yield from _record(house, now=now)
        if settings.publish_dir is not None:
            yield _publish_dir(house, settings.publish_dir)
    except SQLAlchemyError as error:
        yield database.of_answer(name=_name(house), fault=explain(error) or str(error))


def _database(house: Database) -> tuple[list[Finding], bool]:
    """Look whether the database answers and is of this program's form, without making one where none is."""
    name = _name(house)
    file = house.url.database if house.is_sqlite else None
    if file and not Path(file).exists():
        missing = database.of_answer(name=name, fault=f"There is no database at {file} yet.")
        return [missing, database.of_migrations(found=None, needed=NEWEST)], False
    try:
        found, needed = house.revision()
    except SQLAlchemyError as error:
        return [database.of_answer(name=name, fault=explain(error) or f"{name} cannot be read.")], False
    answers = database.of_answer(name=name, fault=None)
    return [answers, database.of_migrations(found=found, needed=needed)], found == needed


def _whole(house: Database) -> Finding:
    try:
        if house.is_sqlite:
            return database.of_file(asking.file_complaints(house))
        return database.of_server(asking.server_version(house))
    except SQLAlchemyError as error:
        return database.of_file([explain(error) or str(error)])


def _places(settings: Settings, *, now: datetime) -> Iterator[Finding]:
    folder, key = settings.data_dir, settings.data_dir / NAME
    yield places.of_folder(folder, fault=asking.writing_fault(folder))
    yield places.of_disk(asking.free_bytes(folder))
    yield places.of_secret_key(key, mode=None if settings.gives_secret_key else asking.mode_of(key))
    backups = settings.backup_dir
    yield places.of_backups(backups, newest=newest_backup(backups), now=now)


def _mail(settings: Settings, *, now: datetime) -> Iterator[Finding]:
    leaves = settings.smtp_url is not None
    if settings.smtp_url is None:
        yield mail.of_local_mailbox(is_public=not leads_here(settings.base_url))
    else:
        host = urlsplit(settings.smtp_url).hostname or ""
        met = asking.meet_mail_server(settings.smtp_url)
        fault, server = (met, None) if isinstance(met, str) else (None, met)
        yield mail.of_server(name=host, is_here=is_loopback(host), met=server, fault=fault, now=now)
    yield mail.of_exposed_mailbox(host=settings.host, is_open=settings.shows_mailbox_to_others)
    yield mail.of_sender(
        sender=settings.mail_from,
        reply_to=settings.mail_reply_to,
        bounce_domain=settings.bounce_domain,
        leaves=leaves,
    )
    yield _returned(settings, leaves=leaves)
    yield mail.of_postal_address(settings.postal_address)
    yield mail.of_alert_to(settings.alert_to)


def _returned(settings: Settings, *, leaves: bool) -> Finding:
    folder, fault, waiting = settings.bounce_maildir, None, 0
    if folder is not None:
        try:
            require_maildir(folder)
            waiting = sum(1 for _ in (folder / "new").iterdir())
        except (Refusal, OSError) as error:
            fault = str(error)
    return bounces.of_returned(folder=folder, fault=fault, waiting=waiting, leaves=leaves)


def _sender_domain(settings: Settings, names: Names | None) -> Iterator[Finding]:
    """Look whether receivers can tell that mail is ours."""
    who, leaves = identity_of(settings), settings.smtp_url is not None
    file = settings.dkim_key_file
    yield sender_domain.of_signing(who, mode=asking.mode_of(file) if file else None, leaves=leaves)
    if not leaves and names is None:
        return
    if who.signer is not None:
        name = f"{who.signer.selector}._domainkey.{who.signer.domain}"
        texts = names.at(name, begins="v=DKIM1") if names is not None else None
        yield sender_domain.of_key_record(who.signer, texts)
    relay = urlsplit(settings.smtp_url or "").hostname or "that letters leave by"
    if who.sender:
        yield sender_domain.of_spf(who, names, relay=relay)
        yield sender_domain.of_dmarc(who, names)


def identity_of(settings: Settings) -> Identity:
    """The domains that mail names."""
    return Identity(
        sender=domain_of(settings.mail_from), bounces=settings.bounce_domain, signer=signer_of(settings)
    )


def _record(house: Database, *, now: datetime) -> Iterator[Finding]:
    server = asking.server_time(house)
    with house.reading() as session:
        signs = read_vital_signs(session, now=now)
        newest = asking.newest_time(session)
        alarms = [alarm.key for alarm in open_alarms(session) if alarm.closed_by is None]
    yield moments.of_clock(now=now, server=server, newest=newest)
    yield work.of_workers(len(signs.workers))
    yield _tried("feeds", lambda: _feeds(house, signs))
    yield work.of_letters(signs, now=now)
    yield work.of_jobs(signs.jobs, now=now)
    yield work.of_alarms(alarms)
    yield _tried("search", lambda: _search(house))


def _feeds(house: Database, signs: VitalSigns) -> Finding:
    with house.reading() as session:
        try:
            number, faults = len(list_feeds(session)), check_feeds(session)
        except NothingPublished:
            number, faults = None, []
    return work.of_feeds(number=number, faults=faults, lag=signs.revision_lag, has_worker=bool(signs.workers))


def _publish_dir(house: Database, folder: Path) -> Finding:
    try:
        with house.reading() as session:
            behind = files_behind(session, folder)
    except Refusal as error:
        return places.of_publish_dir(folder, fault=str(error), behind=0)
    fault = asking.writing_fault(folder)
    said = f"{folder} cannot be written: {fault}." if fault else None
    return places.of_publish_dir(folder, fault=said, behind=behind)


def _search(house: Database) -> Finding:
    with house.reading() as session:
        return work.of_search(len(search_index_gaps(session)))


def _tried(check: str, look: Callable[[], Finding]) -> Finding:
    """Look, and tell of it where the record is so damaged that looking itself fails."""
    try:
        return look()
    except Exception as error:  # noqa: BLE001 - whatever is wrong with the record, the other checks go on
        said = masked(explain(error) or f"{type(error).__name__}: {error}")
        return problem(check, f"What is stored cannot be read. {said}", "Restore the newest backup.")


def _name(house: Database) -> str:
    return "SQLite" if house.is_sqlite else f"PostgreSQL at {house.url.host or 'its socket'}"
