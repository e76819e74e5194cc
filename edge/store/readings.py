"""Readings in a file of their own: raw for a day, minute least/mean/greatest for years. Telemetry, not trace.

A reading that is already there (a replayed one) changes nothing, and one older than the raw day is refused, so a
minute is never counted twice. Losing the last seconds at a power cut is accepted: synchronous=NORMAL.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from edge.domain.climate import Measurand, Minute, Reading
from edge.domain.climate_day import HOUR_MS, MEASURANDS, Hour, PlaceDay
from edge.store.connection import Connection
from edge.store.keyed_file import KeyedFile
from edge.store.readers import Readers

MINUTE_MS = 60_000
RAW_MS = 24 * 60 * MINUTE_MS
CHART_POINTS = 1440
PRUNE_EVERY_MS = 10 * MINUTE_MS

SCHEMA = """
CREATE TABLE IF NOT EXISTS raw (
    place TEXT NOT NULL,
    measurand TEXT NOT NULL,
    utc_ms INTEGER NOT NULL,
    value INTEGER NOT NULL,
    PRIMARY KEY (place, measurand, utc_ms)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS raw_by_time ON raw (utc_ms);
CREATE TABLE IF NOT EXISTS minute (
    place TEXT NOT NULL,
    measurand TEXT NOT NULL,
    start_ms INTEGER NOT NULL,
    least INTEGER NOT NULL,
    greatest INTEGER NOT NULL,
    total INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (place, measurand, start_ms)
) STRICT, WITHOUT ROWID;
"""


class Readings:
    def __init__(self, path: Path, key: bytes) -> None:
        """Raises StoreError ``wrong_key``, ``damaged`` or ``disk_full``."""
        self.file = KeyedFile(path, key, SCHEMA, synchronous="NORMAL")
        self.reads = Readers(path, key)  # a long look holds up no reading
        self._pruned_ms = 0

    def add(self, readings: Sequence[Reading], now_ms: int) -> int:
        """Keep what is not there yet and not older than the raw day, in one transaction; how many were kept."""
        with self.file.change() as db:
            kept = sum(_add(db, reading) for reading in readings if reading.utc_ms > now_ms - RAW_MS)
            if now_ms - self._pruned_ms > PRUNE_EVERY_MS:
                db.execute("DELETE FROM raw WHERE utc_ms <= ?", (now_ms - RAW_MS,))
                self._pruned_ms = now_ms
        return kept

    def latest(self) -> list[Reading]:
        """The newest raw reading of each place and measurand."""
        with self.file.use() as db:
            rows = db.execute(
                "SELECT place, measurand, max(utc_ms) AS utc_ms, value FROM raw GROUP BY place, measurand"
            ).fetchall()
        return [Reading(row["place"], row["measurand"], row["value"], row["utc_ms"]) for row in rows]

    def chart(self, place: str, measurand: Measurand, from_ms: int, to_ms: int) -> list[Minute]:
        """Points from ``from_ms`` up to, not including, ``to_ms``, oldest first, at most CHART_POINTS.

        Longer than a day: several minutes share a point; its least and greatest are still the true ones.
        """
        minutes = max(1, -(-(to_ms - from_ms) // MINUTE_MS))
        step_ms = MINUTE_MS * -(-minutes // CHART_POINTS)
        first_ms = from_ms - from_ms % MINUTE_MS + (MINUTE_MS if from_ms % MINUTE_MS else 0)
        with self.file.use() as db:
            rows = db.execute(
                "SELECT ? + (start_ms - ?) / ? * ? AS start, min(least) AS least, max(greatest) AS greatest,"
                " sum(total) AS total, sum(count) AS count FROM minute"
                " WHERE place = ? AND measurand = ? AND start_ms >= ? AND start_ms < ? GROUP BY 1 ORDER BY 1",
                (first_ms, first_ms, step_ms, step_ms, place, measurand, first_ms, to_ms),
            ).fetchall()
        return [
            Minute(row["start"], row["least"], round(row["total"] / row["count"]), row["greatest"], row["count"])
            for row in rows
        ]

    def by_hour(self, from_ms: int, to_ms: int) -> list[PlaceDay]:
        """One day of every place and measurand of MEASURANDS that has a reading in it."""
        with self.file.use() as db:
            rows = db.execute(
                "SELECT place, measurand, (start_ms - ?) / ? AS no, min(least) AS least, max(greatest) AS greatest,"
                " sum(total) AS total, sum(count) AS readings, count(*) AS minutes FROM minute"
                f" WHERE measurand IN ({','.join('?' * len(MEASURANDS))}) AND start_ms >= ? AND start_ms < ?"
                " GROUP BY place, measurand, no ORDER BY place, measurand, no",
                (from_ms, HOUR_MS, *MEASURANDS, from_ms, to_ms),
            ).fetchall()
        found: dict[tuple[str, Measurand], list[Hour]] = {}
        for row in rows:
            mean = round(row["total"] / row["readings"])
            hour = Hour(row["no"], row["least"], mean, row["greatest"], row["minutes"])
            found.setdefault((row["place"], row["measurand"]), []).append(hour)
        return [PlaceDay(*of, from_ms, to_ms, tuple(hours)) for of, hours in found.items()]

    def close(self) -> None:
        self.reads.close()
        self.file.close()


def _add(db: Connection, reading: Reading) -> int:
    inserted: int = db.execute(
        "INSERT OR IGNORE INTO raw VALUES (?, ?, ?, ?)",
        (reading.place, reading.measurand, reading.utc_ms, reading.value),
    ).rowcount
    if inserted:
        db.execute(
            "INSERT INTO minute VALUES (?1, ?2, ?3, ?4, ?4, ?4, 1) ON CONFLICT DO UPDATE SET"
            " least = min(least, ?4), greatest = max(greatest, ?4), total = total + ?4, count = count + 1",
            (reading.place, reading.measurand, reading.utc_ms - reading.utc_ms % MINUTE_MS, reading.value),
        )
    return inserted
