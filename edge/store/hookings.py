"""Runs of hooking: what became of each file. The pages themselves lie with all others (store/pages.py)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from edge.domain.hooking import FileState, Planned
from edge.domain.ids import new_id
from edge.errors import InputRefused
from edge.store.connection import Connection, Row
from edge.store.database import Change, Database

COUNTED: tuple[FileState, ...] = ("hooked", "already", "settled", "unsure", "refused", "planned")


@dataclass(frozen=True, slots=True)
class Run:
    """``ended_ms`` None: cut off, or still going on. ``counts``: files by what became of them."""

    id: str
    root: str
    begun_ms: int
    begun_by: str
    ended_ms: int | None
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class HookedFile:
    """``item_id``: whose it is or may be; ``file_id``: the original that is kept of it, "" = nothing is (yet).

    What is unsure is kept as well, so that a person can look at it.
    """

    path: str
    sha256: str
    stamp: str
    pages: int | None
    state: FileState
    code: str
    params: dict[str, Any]
    item_id: str
    page: int | None
    file_id: str
    settled_by: str
    settled_why: str

    @property
    def waits(self) -> bool:
        """Whether it is still to be read and kept."""
        return self.state == "planned" or (self.state == "unsure" and not self.file_id)

    @property
    def settles(self) -> bool:
        """Whether it is kept and waits for a person."""
        return self.state == "unsure" and bool(self.file_id)


_FILE = ", ".join(HookedFile.__dataclass_fields__)


class Hookings:
    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, change: Change, root: str, planned: Sequence[Planned], found: dict[str, Any], actor: str) -> str:
        """The run's id: a new one, or the one of this folder that was cut off. ``found``: path → (stamp, pages)."""
        row = change.db.execute(
            "SELECT id FROM hook_run WHERE root = ? AND ended_ms IS NULL ORDER BY begun_ms DESC LIMIT 1", (root,)
        ).fetchone()
        run_id = row["id"] if row else new_id(change.utc_ms)
        if not row:
            change.db.execute("INSERT INTO hook_run VALUES (?,?,?,?,NULL)", (run_id, root, change.utc_ms, actor))
        change.db.executemany(
            f"INSERT OR REPLACE INTO hook_file (run_id, {_FILE}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
            [
                (
                    *(run_id, one.path, one.sha256, *found[one.path], _state(one), one.code),
                    *(json.dumps(one.params, ensure_ascii=False), one.item_id, one.page, "", "", ""),
                )
                for one in planned
            ],
        )
        return str(run_id)

    def tell(
        self, change: Change, run_id: str, path: str, state: FileState, code: str, params: dict[str, Any], file_id: str
    ) -> None:
        change.db.execute(
            "UPDATE hook_file SET state = ?, code = ?, params = ?, file_id = ? WHERE run_id = ? AND path = ?",
            (state, code, json.dumps(params, ensure_ascii=False), file_id, run_id, path),
        )

    def settle(self, change: Change, run_id: str, path: str, actor: str, why: str) -> None:
        change.db.execute(
            "UPDATE hook_file SET state = 'settled', settled_by = ?, settled_why = ? WHERE run_id = ? AND path = ?",
            (actor, why, run_id, path),
        )

    def end(self, change: Change, run_id: str) -> dict[str, int]:
        """How many files became what."""
        change.db.execute("UPDATE hook_run SET ended_ms = ? WHERE id = ?", (change.utc_ms, run_id))
        return _counts(change.db, run_id)

    def known(self, root: str) -> dict[str, tuple[str, str, int | None]]:
        """Path → (stamp, SHA-256, pages) of the run of this folder that was cut off."""
        with self._database.read() as db:
            found = db.execute(
                "SELECT f.path, f.stamp, f.sha256, f.pages FROM hook_run r JOIN hook_file f ON f.run_id = r.id"
                " WHERE r.root = ? AND r.ended_ms IS NULL AND f.sha256 <> ''",
                (root,),
            )
            return {row["path"]: (row["stamp"], row["sha256"], row["pages"]) for row in found}

    def runs(self, limit: int = 30) -> list[Run]:
        """Newest first."""
        with self._database.read() as db:
            rows = db.execute("SELECT * FROM hook_run ORDER BY begun_ms DESC LIMIT ?", (limit,)).fetchall()
            return [_run(db, row) for row in rows]

    def run(self, run_id: str = "") -> Run:
        """The newest one where none is named. InputRefused ``hook_run_unknown``."""
        with self._database.read() as db:
            row = db.execute(
                "SELECT * FROM hook_run WHERE ?1 IN ('', id) ORDER BY begun_ms DESC LIMIT 1", (run_id,)
            ).fetchone()
            if row is None:
                raise InputRefused("hook_run_unknown", "look_again", run=run_id)
            return _run(db, row)

    def files(self, run_id: str, states: Sequence[str] = COUNTED, limit: int = 100_000) -> list[HookedFile]:
        with self._database.read() as db:
            found = db.execute(
                f"SELECT {_FILE} FROM hook_file WHERE run_id = ? AND state IN (SELECT value FROM json_each(?))"
                " ORDER BY path LIMIT ?",
                (run_id, json.dumps(list(states)), limit),
            )
            return [_file(row) for row in found]

    def file(self, run_id: str, path: str) -> HookedFile:
        """InputRefused ``hook_file_unknown``."""
        with self._database.read() as db:
            row = db.execute(f"SELECT {_FILE} FROM hook_file WHERE run_id = ? AND path = ?", (run_id, path)).fetchone()
        if row is None:
            raise InputRefused("hook_file_unknown", "look_again", file=path)
        return _file(row)


def _state(one: Planned) -> FileState:
    return "planned" if one.state == "hook" else one.state


def _counts(db: Connection, run_id: str) -> dict[str, int]:
    found = db.execute("SELECT state, count(*) AS count FROM hook_file WHERE run_id = ? GROUP BY state", (run_id,))
    counted = {row["state"]: row["count"] for row in found}
    return {state: counted.get(state, 0) for state in COUNTED}


def _run(db: Connection, row: Row) -> Run:
    return Run(row["id"], row["root"], row["begun_ms"], row["begun_by"], row["ended_ms"], _counts(db, row["id"]))


def _file(row: Row) -> HookedFile:
    fields = {name: row[name] for name in HookedFile.__dataclass_fields__}
    return HookedFile(**{**fields, "params": json.loads(row["params"])})
