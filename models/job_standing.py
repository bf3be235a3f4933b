"""How the jobs of the work processes go: kept, so that the web, the doctor and the alarms can tell."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Record


class JobStanding(Record):
    """One job, whichever process does it; where two do, the last to write speaks for both.

    succeeded_at is written once a minute at most. failing_since and failures tell of the failures since the
    job last went well, failed_at and reason of the last one; failing_since is None while all is well.
    """

    __tablename__ = "job_standings"

    job: Mapped[str] = mapped_column(String(60), primary_key=True)
    succeeded_at: Mapped[datetime | None]
    failing_since: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str | None] = mapped_column(Text)
