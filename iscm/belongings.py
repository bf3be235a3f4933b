"""What the settings say is kept, and where: the database, and what belongs to it outside."""

from iscm.settings import Settings
from models.database import Database
from models.departures import FILE, Departures


def open_database(settings: Settings) -> Database:
    """The database of the settings, whose departures are also written into the data folder."""
    return Database(settings.database_url, departures=departures_of(settings))


def departures_of(settings: Settings) -> Departures:
    """The file of departures."""
    return Departures(settings.data_dir / FILE)
