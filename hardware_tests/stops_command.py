"""``storeroom-bench stops``: spoil moves of a real block one after another, measure how far the carriage still goes."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import click

from edge.words import LANGUAGES, say
from hardware_tests import stops
from hardware_tests.bench import WORDS, Bench, Station, open_bench
from hardware_tests.commission.hands import Block, StepFailed
from hardware_tests.stops import NotHeld


@click.command("stops")
@click.option("--bench", "bench_name", required=True, help="A station's TOML file; or virtual, lockstep to rehearse.")
@click.option("--runs", default=28, show_default=True, help="How many moves to spoil; causes take turns.")
@click.option("--seed", default=1, show_default=True, help="Another seed is another order.")
@click.option("--report", "report_dir", type=click.Path(path_type=Path), help="Folder for the JSON report.")
@click.option("--operator", default="", help="Your name, for the report.")
@click.option("--language", type=click.Choice(LANGUAGES), help="Default: the node's; on a virtual bench en.")
@click.option("--allow-motion", is_flag=True, help="The block is empty and watched: carriages may move.")
def stops_command(
    bench_name: str,
    runs: int,
    seed: int,
    report_dir: Path | None,
    operator: str,
    language: str | None,
    allow_motion: bool,
) -> None:
    """Start a carriage, stop it by one cause after another, and tell distance and what was recorded.

    Stop the node first: one master speaks on the bus. Hands are asked for as they are needed; the rest is done on the
    bus. Exit 0 only when every run stopped within 100 mm and was recorded by its name.

    Example: storeroom-bench stops --bench stations/room-1.toml --runs 28 --report reports --allow-motion
    """
    bench = open_bench(bench_name)
    tongue = language or (bench.node.node.language if isinstance(bench, Station) else "en")
    try:
        if isinstance(bench, Station) and not allow_motion:
            raise click.UsageError("this moves carriages: add --allow-motion when the block is empty and watched")
        rows = _rows(bench, runs, Random(seed), tongue)
    finally:
        bench.close()
    failed = sum(not row["held"] for row in rows)
    worst_mm = max((row["mm"] for row in rows if row["held"]), default=0)
    total = say(tongue, "stops.sum", WORDS, runs=len(rows), mm=worst_mm, most=round(stops.BUDGET_MM), failed=failed)
    click.echo(total)
    if bench.is_virtual:
        click.echo(say(tongue, "stops.virtual", WORDS))
    if report_dir:
        _report(report_dir, {"bench": bench.name, "virtual": bench.is_virtual, "operator": operator, "runs": rows})
    sys.exit(1 if failed or not rows else 0)


def _rows(bench: Bench, runs: int, random: Random, tongue: str) -> list[dict[str, Any]]:
    block, causes = Block(bench), stops.with_leak(bench)
    rows: list[dict[str, Any]] = []
    turn: list[str] = []
    for number in range(runs):
        turn = turn or random.sample(sorted(causes), len(causes))
        name = turn.pop()
        cause, told = causes[name], say(tongue, f"stop.{name}", WORDS)
        row: dict[str, Any] = {"cause": name, "held": True, "mm": 0, "recorded": "", "why": ""}
        try:
            trip = stops.begin(block, 1 + (random.randrange(60_000) + number) % 65_000, random)
            stops.under_way(block, trip, cause, random)
            mm, recorded, goes_on = stops.spoil(block, trip, cause, random)
            cause.mend(bench, trip, random)
            if cause.by_hand and recorded == {"reached"}:
                click.echo(say(tongue, "stops.nobody", WORDS, cause=told))
                continue
            row["mm"], row["recorded"] = round(mm), stops.judge(name, cause, mm, recorded, goes_on)
            if goes_on:
                stops.finish(block, trip)
            shown = "stops.goes_on" if goes_on else "stops.row"
            click.echo(say(tongue, shown, WORDS, cause=told, mm=row["mm"], recorded=row["recorded"]))
        except (NotHeld, StepFailed) as error:
            row["held"], row["why"] = False, str(error)
            bench.master.stop()
            click.echo(say(tongue, "stops.failed", WORDS, why=f"{told}: {error}"))
        bench.master.permit_for = 0
        rows.append(row)
    return rows


def _report(folder: Path, record: dict[str, Any]) -> None:
    now = datetime.now(UTC)
    record["utc"] = now.isoformat(timespec="seconds")
    record["not_claimed"] = "Figures of a virtual bench are not figures of a machine. No conformity is claimed."
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"stops-{now:%Y%m%dT%H%M%SZ}.json"
    target.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", "utf-8")
