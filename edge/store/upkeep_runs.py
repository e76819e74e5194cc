"""Runs of the upkeep as rows; the end of each is one event."""

from __future__ import annotations

import json
from typing import Any

from edge.domain.upkeep import JOBS, Finding, Job, Outcome, Run
from edge.store.connection import Connection, Row
from edge.store.database import NODE, Change, Database

ENOUGH = 50  # findings kept; the first is what counts


class UpkeepRuns:
    def __init__(self, database: Database) -> None:
        self._database = database

    def newest(self) -> list[Run]:
        """The run that ended last of each job that ever ended."""
        with self._database.read() as db:
            return [run for job in JOBS if (run := _ended(db, job))]

    def begin(self, change: Change, job: Job) -> Run:
        """The job's unfinished run, or a new one that begins where the last one said."""
        row = change.db.execute("SELECT * FROM upkeep_run WHERE job = ? AND ended_ms IS NULL", (job,)).fetchone()
        if row is not None:
            return _run(row)
        last = _ended(change.db, job)
        no = change.db.execute(
            "INSERT INTO upkeep_run (job, began_ms, position) VALUES (?, ?, ?)",
            (job, change.utc_ms, json.dumps(last.position if last else {})),
        ).lastrowid
        return _run(change.db.execute("SELECT * FROM upkeep_run WHERE no = ?", (no,)).fetchone())

    def keep(self, change: Change, run: Run, checked: int, found: list[Finding], position: dict[str, Any]) -> Run:
        """As far as it has come; no event, as nothing but this row has changed."""
        new = [one for one in found if one not in run.findings]  # a job taken up again may look at the same once more
        findings = [[one.code, one.params] for one in (*run.findings, *new)][:ENOUGH]
        change.db.execute(
            "UPDATE upkeep_run SET checked = checked + ?, findings = ?, position = ? WHERE no = ?",
            (checked, json.dumps(findings, ensure_ascii=False), json.dumps(position), run.no),
        )
        return _run(change.db.execute("SELECT * FROM upkeep_run WHERE no = ?", (run.no,)).fetchone())

    def end(self, change: Change, run: Run, outcome: Outcome) -> Run:
        """Event ``upkeep.ended``."""
        change.db.execute(
            "UPDATE upkeep_run SET ended_ms = ?, outcome = ? WHERE no = ?", (change.utc_ms, outcome, run.no)
        )
        body: dict[str, Any] = {"job": run.job, "outcome": outcome, "checked": run.checked}
        body |= {"findings": len(run.findings), "duration_ms": max(0, change.utc_ms - run.began_ms)}
        if run.findings:
            body["first"] = run.findings[0].code
        change.event("upkeep.ended", subject=run.job, actor=NODE, body=body)
        return _run(change.db.execute("SELECT * FROM upkeep_run WHERE no = ?", (run.no,)).fetchone())


def _ended(db: Connection, job: Job) -> Run | None:
    query = "SELECT * FROM upkeep_run WHERE job = ? AND ended_ms IS NOT NULL ORDER BY no DESC LIMIT 1"
    row = db.execute(query, (job,)).fetchone()
    return _run(row) if row else None


def _run(row: Row) -> Run:
    return Run(
        no=row["no"],
        job=row["job"],
        began_ms=row["began_ms"],
        ended_ms=row["ended_ms"],
        outcome=row["outcome"],
        checked=row["checked"],
        findings=tuple(Finding(code, params) for code, params in json.loads(row["findings"])),
        position=json.loads(row["position"]),
    )
