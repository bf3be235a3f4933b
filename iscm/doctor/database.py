"""The database: whether it answers, is of this program's form, and is whole."""

from collections.abc import Sequence

from iscm.doctor.finding import Finding, ok, problem, warning

_OLDEST_SERVER = 13


def of_answer(*, name: str, fault: str | None) -> Finding:
    """Whether the database answers; `fault` is the sentence that says why not."""
    if fault is None:
        return ok("database", f"{name} answers.")
    return problem("database", fault, "Nothing works without it; see docs/operating.md.")


def of_migrations(*, found: str | None, needed: str) -> Finding:
    """Whether the tables are those of this program."""
    if found == needed:
        return ok("migrations", f"The tables are current (revision {needed}).")
    if found is not None and found > needed:
        return problem(
            "migrations",
            f"The tables are of a newer program (revision {found}, this one knows {needed}).",
            "Install that release again, or restore a backup made before the upgrade.",
        )
    state = "There are no tables yet" if found is None else f"The tables are at revision {found}"
    return problem("migrations", f"{state}; {needed} is needed.", "Run: iscm database upgrade")


def of_file(complaints: Sequence[str]) -> Finding:
    """Whether SQLite finds its file whole; `complaints` are its own words."""
    if not complaints:
        return ok("integrity", "The database file is whole.")
    more = f" (and {len(complaints) - 1} more)" if len(complaints) > 1 else ""
    return problem(
        "integrity",
        f"The database file is damaged: {complaints[0]}{more}",
        "Stop the service and restore the newest backup: iscm database restore FILE",
    )


def of_server(version: str) -> Finding:
    """Whether the PostgreSQL server is of a release this program is tested with; `version` as it says it."""
    number = version.partition(" ")[0].partition(".")[0]
    if number.isdigit() and int(number) < _OLDEST_SERVER:
        return warning(
            "integrity",
            f"The server is PostgreSQL {version}, which is no longer maintained.",
            f"Upgrade it to {_OLDEST_SERVER} or newer.",
        )
    return ok("integrity", f"The server is PostgreSQL {version}.")
