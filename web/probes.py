"""What machines ask: whether the process lives, and whether it can serve."""

from typing import Final

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import PlainTextResponse

from models.database import NotUpgraded, explain
from web.surroundings import surroundings_of

_UNKEPT: Final = {"Cache-Control": "no-store"}


def healthz(request: Request) -> PlainTextResponse:
    """Answer `/healthz`: 200 as long as this process answers at all."""
    del request
    return PlainTextResponse("ok\n", headers=_UNKEPT)


def readyz(request: Request) -> PlainTextResponse:
    """Answer `/readyz`: 200 when the record can be read and is of this program's form, else 503 and why."""
    database = surroundings_of(request).database
    try:
        with database.reading() as session:
            session.execute(text("SELECT 1"))
        database.require_current()
    except NotUpgraded as refusal:
        return PlainTextResponse(f"{refusal}\n", status_code=503, headers=_UNKEPT)
    except SQLAlchemyError as error:
        said = explain(error) or "The database cannot be read."
        return PlainTextResponse(f"{said}\n", status_code=503, headers=_UNKEPT)
    return PlainTextResponse("ready\n", headers=_UNKEPT)
