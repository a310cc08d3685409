"""
Brings the database to the newest schema: applies each SQL file of a folder once, in order.

Every file runs in a transaction of its own, together with the note that it has run.  Two of these
at once wait for each other.  Running again changes nothing.
"""

import os
import sys
from pathlib import Path
from typing import Any

LOCK = 7_160_423  # any number, as long as it is the same one everywhere


def pending(files: list[Path], applied: set[str]) -> list[Path]:
    """
    Return the files still to apply, in order.

    Raises:
        ValueError: one of them comes before a file that has run already.
    """
    ordered = sorted(files, key=lambda file: file.name)
    waiting = [file for file in ordered if file.name not in applied]
    newest = max(applied, default="")
    late = [file.name for file in waiting if file.name < newest]
    if late:
        raise ValueError(f"{', '.join(late)} would run after {newest}: give it a higher number")
    return waiting


def migrate(connection: Any, folder: Path) -> list[str]:
    """Apply what is pending in ``folder``; return the names."""
    cursor = connection.cursor()
    cursor.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
    cursor.execute(
        "CREATE TABLE IF NOT EXISTS schema_migrations ("
        "name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())"
    )
    connection.commit()
    cursor.execute("SELECT name FROM schema_migrations")
    applied = {name for (name,) in cursor.fetchall()}
    done: list[str] = []
    for file in pending(list(folder.glob("*.sql")), applied):
        cursor.execute(file.read_text(encoding="utf-8"))
        cursor.execute("INSERT INTO schema_migrations (name) VALUES (%s)", (file.name,))
        connection.commit()
        done.append(file.name)
    return done


def main(folder: Path) -> int:
    """Return the exit status."""
    import psycopg2

    password_file = os.environ.get("DATABASE_PASSWORD_FILE")
    connection = psycopg2.connect(
        host=os.environ["DATABASE_HOST"],
        port=os.environ.get("DATABASE_PORT", "5432"),
        dbname=os.environ["DATABASE_NAME"],
        user=os.environ["DATABASE_USER"],
        password=Path(password_file).read_text(encoding="utf-8").rstrip("\r\n")
        if password_file
        else os.environ["DATABASE_PASSWORD"],
        connect_timeout=10,
    )
    try:
        done = migrate(connection, folder)
    finally:
        connection.close()
    print(f"applied {', '.join(done)}" if done else "nothing to apply")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
