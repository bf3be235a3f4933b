"""The work processes that are alive, by what they last told of themselves."""

from datetime import datetime

from sqlalchemy import BigInteger, Float, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Record


class Worker(Record):
    """One work process. memory is its resident set in bytes, cpu the seconds of processor time it has had."""

    __tablename__ = "workers"

    owner: Mapped[str] = mapped_column(String(80), primary_key=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    memory: Mapped[int] = mapped_column(BigInteger)
    cpu: Mapped[float] = mapped_column(Float)
