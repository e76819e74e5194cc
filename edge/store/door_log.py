"""The door as it was last seen, why nobody is let in, and the site's rules for it; every change is an event."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from edge.domain.door import How, Rules
from edge.domain.ids import new_id
from edge.errors import RuleRefused
from edge.store import entries
from edge.store.database import NODE, Change, Database

SETTING = "door.rules"


@dataclass(frozen=True, slots=True)
class Seen:
    """``how`` "" while it is closed. ``since_mono_ms`` is of the boot ``boot_id``."""

    open: bool
    how: str
    since_ms: int
    since_mono_ms: int
    boot_id: str
    unnamed_ms: int | None


@dataclass(frozen=True, slots=True)
class Bar:
    """Nobody is let in since a fire or gas contact opened."""

    why: str
    since_ms: int


def last_seen(database: Database) -> Seen | None:
    with database.read() as db:
        row = db.execute("SELECT * FROM door").fetchone()
    if row is None:
        return None
    return Seen(bool(row["open"]), row["how"], row["since_ms"], row["since_mono_ms"], row["boot_id"], row["unnamed_ms"])


def first_seen(change: Change, is_open: bool, mono_ms: int, boot_id: str) -> None:
    """This door was never seen before, so nothing is known of how it came to stand so; event ``door.seen``."""
    _keep(change, is_open, "", mono_ms, boot_id)
    change.event("door.seen", subject=NODE, actor=NODE, body={"open": int(is_open)})


def opened(change: Change, how: How, mono_ms: int, boot_id: str) -> None:
    """Event ``door.opened`` with the entries it began or, where one was alone inside, ended."""
    _keep(change, True, how, mono_ms, boot_id)
    body: dict[str, Any] = {"how": how}
    if how == "let_in":
        body["entries"] = entries.came(change)
    change.event("door.opened", subject=NODE, actor=NODE, body=body)
    if how != "exit":
        return
    alone = entries.alone_inside(change.db)
    if alone is not None:
        entries.left(change, alone, "door", change.utc_ms, NODE)
    elif change.db.execute("SELECT 1 FROM entry WHERE state = 'inside'").fetchone():
        change.db.execute("UPDATE door SET unnamed_ms = ?", (change.utc_ms,))


def closed(change: Change, how: str, lasted_ms: int | None, mono_ms: int, boot_id: str) -> None:
    """Event ``door.closed``. ``lasted_ms`` None: the machine's clock did not run all the while."""
    _keep(change, False, "", mono_ms, boot_id)
    body = {"how": how} if lasted_ms is None else {"how": how, "lasted_ms": lasted_ms}
    change.event("door.closed", subject=NODE, actor=NODE, body=body)


def said_out(change: Change, entry_id: str, actor: str) -> None:
    """Somebody says who went out: at the time at which the door last let an unnamed one out, else now."""
    row = change.db.execute("SELECT unnamed_ms FROM door").fetchone()
    seen_ms = row["unnamed_ms"] if row else None
    entries.left(change, entry_id, "said", seen_ms or change.utc_ms, actor)
    change.db.execute("UPDATE door SET unnamed_ms = NULL")


def barred(database: Database) -> Bar | None:
    with database.read() as db:
        row = db.execute("SELECT * FROM door_bar WHERE cleared_ms IS NULL").fetchone()
    return None if row is None else Bar(row["why"], row["since_ms"])


def bar(change: Change, why: str) -> None:
    """Event ``entry.barred``; where nobody is let in already, gas outranks fire."""
    row = change.db.execute("SELECT id, why FROM door_bar WHERE cleared_ms IS NULL").fetchone()
    if row is not None and (row["why"] == why or row["why"] == "gas"):
        return
    if row is None:
        change.db.execute(
            "INSERT INTO door_bar (id, why, since_ms) VALUES (?, ?, ?)", (new_id(change.utc_ms), why, change.utc_ms)
        )
    else:
        change.db.execute("UPDATE door_bar SET why = ? WHERE id = ?", (why, row["id"]))
    change.event("entry.barred", subject=NODE, actor=NODE, body={"cause": why}, level="open")


def clear(change: Change, found: str, person_id: str) -> None:
    """People are let in again; event ``entry.cleared``. Raises RuleRefused ``entry_not_barred``."""
    row = change.db.execute("SELECT id, why FROM door_bar WHERE cleared_ms IS NULL").fetchone()
    if row is None:
        raise RuleRefused("entry_not_barred", "nothing_to_do")
    change.db.execute(
        "UPDATE door_bar SET cleared_ms = ?, cleared_by = ?, found = ? WHERE id = ?",
        (change.utc_ms, person_id, found, row["id"]),
    )
    change.event("entry.cleared", subject=row["id"], actor=person_id, body={"cause": row["why"], "found": found})


def rules(database: Database) -> Rules:
    with database.read() as db:
        row = db.execute("SELECT value FROM setting WHERE name = ?", (SETTING,)).fetchone()
    if row is None:
        return Rules()
    kept = json.loads(row["value"])
    return Rules(**{**kept, "two_persons": bool(kept["two_persons"]), "days": tuple(kept["days"])})


def set_rules(change: Change, new: Rules, person_id: str) -> None:
    """Event ``door.rules_changed``."""
    kept = {**asdict(new), "two_persons": int(new.two_persons), "days": sorted(new.days)}
    change.db.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (SETTING, json.dumps(kept)))
    change.event("door.rules_changed", subject=SETTING, actor=person_id, body=kept)


def _keep(change: Change, is_open: bool, how: str, mono_ms: int, boot_id: str) -> None:
    change.db.execute(
        "INSERT INTO door VALUES (1, ?, ?, ?, ?, ?, NULL) ON CONFLICT (id) DO UPDATE SET open = excluded.open,"
        " how = excluded.how, since_ms = excluded.since_ms, since_mono_ms = excluded.since_mono_ms,"
        " boot_id = excluded.boot_id",
        (int(is_open), how, change.utc_ms, mono_ms, boot_id),
    )
