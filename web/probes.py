"""What machines ask: whether the process lives, whether it can serve, and its numbers."""

from datetime import datetime, timedelta
from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from models.database import Database, NotUpgraded, explain
from models.job_standing import JobStanding
from models.publication import Publication
from web.proxies import client_of
from web.surroundings import surroundings_of
from web.upkeep import Upkeep

PUBLISHING: Final = "publish feeds"
"""The name of the job that publishes, as scheduler.jobs has it."""

STUCK_AFTER: Final = timedelta(minutes=3)
"""For how long nothing may have been published, while changes wait, before the service is not ready."""

_UNKEPT: Final = {"Cache-Control": "no-store"}


def healthz(request: Request) -> PlainTextResponse:
    """Answer `/healthz`: 200 as long as this process answers at all."""
    del request
    return PlainTextResponse("ok\n", headers=_UNKEPT)


def readyz(request: Request) -> PlainTextResponse:
    """Answer `/readyz`: 200 when everything is there that readers and editors need, else 503.

    A line for each reason why not: the database, its form, feeds that this process could not read, changes
    that nobody publishes.
    """
    around = surroundings_of(request)
    reasons = _of_database(around.database, now=around.clock())
    upkeep = _upkeep(request)
    if upkeep is not None and not reasons:
        served = upkeep.feeds()
        if served is None or not served.feeds:
            reasons.append("No calendar has been read yet. Is the work process running? (iscm serve)")
    if reasons:
        return PlainTextResponse("\n".join(reasons) + "\n", status_code=503, headers=_UNKEPT)
    return PlainTextResponse("ready\n", headers=_UNKEPT)


def metrics(request: Request) -> Response:
    """Answer `/metrics` to the networks of ISCM_METRICS_FROM; for anybody else there is no such page.

    Who speaks through a proxy that is not named is anybody.
    """
    upkeep = _upkeep(request)
    if upkeep is None or client_of(request.scope) not in upkeep.metrics_from:
        raise HTTPException(404)
    return Response(upkeep.meters.exposition(), media_type=CONTENT_TYPE_LATEST, headers=_UNKEPT)


def _of_database(database: Database, *, now: datetime) -> list[str]:
    try:
        database.require_current()
        with database.reading() as session:
            publication = session.scalars(select(Publication)).one()
            # Before the first publishing there is no calendar to serve, which is told by itself.
            waits = publication.published_revision != publication.record_revision
            if waits and publication.published_at is not None:
                return _stuck(session.get(JobStanding, PUBLISHING), now=now)
    except NotUpgraded as refusal:
        return [str(refusal)]
    except SQLAlchemyError as error:
        return [explain(error) or "The database cannot be read."]
    return []


def _stuck(publishing: JobStanding | None, *, now: datetime) -> list[str]:
    """Say that changes wait and nobody publishes them, unless somebody did so a moment ago."""
    last = publishing.succeeded_at if publishing is not None else None
    if last is not None and now - last <= STUCK_AFTER:
        return []
    since = "yet" if last is None else f"since {last:%Y-%m-%d %H:%M} UTC"
    reason = publishing.reason if publishing is not None and publishing.failing_since else None
    why = reason or "Is the work process running? (iscm serve)"
    return [f"Changes wait, and none has been published {since}. {why}"]


def _upkeep(request: Request) -> Upkeep | None:
    found = getattr(request.app.state, "upkeep", None)
    return found if isinstance(found, Upkeep) else None
