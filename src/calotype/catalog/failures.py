"""What an error of the database means: worth waiting for, or something its owner must mend."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError, InternalError, OperationalError

from calotype.errors import (
    CalotypeError,
    ConfigurationError,
    NoSpace,
    StorageError,
    StoreUnwritable,
    Transient,
)

# SQLSTATE classes and codes (PostgreSQL manual, appendix A): connection lost; rolled back because of others; lock not got in
# time; idle in a transaction for too long; too many connections; out of memory; shutting down, crashed, starting.
_PASSING = ("08", "40", "55P03", "25P03", "25P04", "53300", "53200", "57P01", "57P02", "57P03", "57P05")

# A refused connection has no SQLSTATE, words only.
_REFUSALS = (
    "authentication failed",
    "no password supplied",
    "no pg_hba.conf entry",
    "does not exist",
    "permission denied",
)


def is_passing(error: DBAPIError) -> bool:
    """Whether the same transaction may succeed a moment later. SQLite's own wait for a lock has been waited by then."""
    if type(error.orig).__module__.startswith("sqlite3"):
        return False
    code = getattr(error.orig, "sqlstate", None)
    if code is not None:
        return code.startswith(_PASSING)
    never_connected = not any(words in str(error.orig) for words in _REFUSALS)
    return error.connection_invalidated or (
        type(error.orig).__name__ == "OperationalError" and never_connected
    )


def translated(error: DBAPIError, name: str) -> CalotypeError | None:
    """Our own error for the catalog of this name; None when it is a bug of ours and should stay as it is."""
    is_sqlite = type(error.orig).__module__.startswith("sqlite3")
    known = _sqlite(str(error.orig), name) if is_sqlite else _postgresql(error, name)
    if known is None and isinstance(error, (OperationalError, InternalError)):
        return StorageError(
            f"The catalog {name} failed: {first_line(error)}. See to the database, then resume."
        )
    return known


def _sqlite(said: str, name: str) -> CalotypeError | None:
    if "locked" in said or "busy" in said:
        return Transient(f"The catalog {name} stayed locked by another process. Try again when it is done.")
    if "full" in said:
        return NoSpace(f"The disk that holds the catalog {name} is full. Free some space, then resume.")
    if "malformed" in said or "not a database" in said:
        return StorageError(
            f"The catalog {name} is damaged: {said}. `calotype catalog rebuild --force` moves it aside and makes a new one."
        )
    if "readonly" in said or "unable to open" in said or "I/O error" in said:
        return StoreUnwritable(f"The catalog {name} cannot be written: {said}.")
    return None


def _postgresql(error: DBAPIError, name: str) -> CalotypeError | None:
    said = first_line(error)
    code = getattr(error.orig, "sqlstate", None) or ""
    if code.startswith("53100"):
        return NoSpace(f"The disk of the database server {name} is full. Free some space, then resume.")
    if code.startswith(("25006", "42501")):
        return StoreUnwritable(
            f"The catalog {name} cannot be written: {said}. Its user needs to create tables in the database and write them."
        )
    if code.startswith(("28", "3D")) or any(words in said for words in _REFUSALS if not code):
        return ConfigurationError(f"The catalog {name} cannot be opened: {said}.")
    return None


def first_line(error: DBAPIError) -> str:
    """What the database said, without what it advises."""
    return (str(error.orig).strip().splitlines() or ["no reason was given"])[0]
