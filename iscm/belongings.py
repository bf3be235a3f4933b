"""What the settings say is kept, and where: the database, and what belongs to it outside."""

from importlib import metadata

from iscm.settings import Settings
from models.archive.contents import Belongings
from models.archive.nightly import Nightly
from models.database import Database
from models.departures import FILE, Departures
from models.document_filing import documents_folder


def open_database(settings: Settings) -> Database:
    """The database of the settings, whose departures are also written into the data folder."""
    return Database(settings.database_url, departures=Departures(settings.data_dir / FILE))


def belongings_of(settings: Settings) -> Belongings:
    """What a backup holds besides the database."""
    return Belongings(
        secret_key=settings.secret_key,
        dkim_key=settings.dkim_key_file,
        documents=documents_folder(settings.data_dir),
        departures=settings.data_dir / FILE,
    )


def nightly_of(settings: Settings) -> Nightly:
    """Where and of what a backup is made every night."""
    return Nightly(folder=settings.backup_dir, belongings=belongings_of(settings), program=program_version())


def program_version() -> str:
    """The release of this program."""
    return metadata.version("iscm-service")
