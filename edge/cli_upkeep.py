"""``storeroom upkeep``: what the nightly upkeep found last, or all of it now."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from edge.cli import CONFIG_OPTION, language
from edge.cli_node import done_by
from edge.cli_options import JSON_OPTION
from edge.clock import iso_utc
from edge.config import Config, load
from edge.control import Progress, Verb
from edge.domain.upkeep import JOBS, Finding, Run
from edge.store.begin import LOOKS_FILE, READINGS_FILE, SCANS_FILE
from edge.store.database import NODE, Database
from edge.store.keys import Keys
from edge.store.upkeep_site import Site
from edge.words import say, spoken
from edge.workflows.upkeep import Upkeep
from edge.workflows.upkeep_words import told

BAD = 1  # exit code where anything was found, or could not be looked at


def built(config: Config, database: Database, keys: Keys, quiet: Callable[[], bool]) -> Upkeep:
    """For the node, and for a store without one."""
    files = tuple(config.node.data_dir / name for name in (READINGS_FILE, LOOKS_FILE))
    scans = config.node.data_dir / SCANS_FILE
    site = Site(database, keys.database, keys.signing_public, files, quiet, scans)
    return Upkeep(site, database.clock, config.node.zone, config.node.name)


def control_verbs(upkeep: Upkeep) -> dict[str, Verb]:
    """What the running node answers at its control socket."""

    def work(args: dict[str, Any], progress: Progress) -> dict[str, Any]:
        if args["now"]:
            upkeep.now(progress)
        return {"runs": [_as_json(run) for run in upkeep.newest()]}

    def rebuild(_args: dict[str, Any], progress: Progress) -> dict[str, Any]:
        return dict(upkeep.rebuild_index(NODE, progress))

    return {"upkeep": work, "upkeep.rebuild_index": rebuild}


@click.command("upkeep")
@click.option("--now", is_flag=True, help="Do all of it now; it waits while anything moves.")
@click.option(
    "--rebuild-index",
    "rebuild",
    is_flag=True,
    help="Write the search index anew from the records; people search in the old one meanwhile.",
)
@CONFIG_OPTION
@JSON_OPTION
def upkeep_command(now: bool, rebuild: bool, config_path: Path, as_json: bool) -> None:
    """Show what the last upkeep found: index, records, trace, kept files. Exit code 1 where anything was wrong.

    A running node does it by itself every night at two, and later where it could not. A rebuild that was cut off goes
    on when it is asked for again.

    Example: storeroom upkeep --now
    """
    config = load(config_path)
    if rebuild:
        done = _ask(config, "upkeep.rebuild_index", {})
        click.echo(json.dumps(done) if as_json else say(language(), "upkeep.rebuilt", **done))
        return
    answer = _ask(config, "upkeep", {"now": now})
    runs = {run["job"]: run for run in answer["runs"]}
    if as_json:
        click.echo(json.dumps(list(runs.values()), ensure_ascii=False))
    else:
        for job in JOBS:
            _tell(job, runs.get(job))
    if any(run["outcome"] != "good" for run in runs.values()):
        sys.exit(BAD)


def _ask(config: Config, verb: str, args: dict[str, Any]) -> dict[str, Any]:
    return done_by(
        config, lambda database, keys: control_verbs(built(config, database, keys, lambda: True)), verb, args, _say
    )


def _say(said: dict[str, Any]) -> None:
    if sys.stderr.isatty():
        what = "rebuilding" if "total" in said else "waiting" if said["waiting"] else "working"
        click.echo(say(language(), f"upkeep.{what}", **{**said, "job": _name(said["job"])}), err=True)


def _tell(job: str, run: dict[str, Any] | None) -> None:
    tongue = language()
    if run is None:
        click.echo(say(tongue, "upkeep.never", job=_name(job)))
        return
    outcome = say(tongue, f"upkeep.outcome.{run['outcome']}")
    click.echo(say(tongue, "upkeep.run", job=_name(job), outcome=outcome, ended=run["ended"], checked=run["checked"]))
    for found in run["findings"]:
        click.echo(f"  {spoken(tongue, told(Finding(found['code'], found['params'])))}")


def _name(job: str) -> str:
    return say(language(), f"upkeep.job.{job}")


def _as_json(run: Run) -> dict[str, Any]:
    return {
        "job": run.job,
        "outcome": run.outcome,
        "began": iso_utc(run.began_ms),
        "ended": iso_utc(run.ended_ms or 0),
        "checked": run.checked,
        "findings": [{"code": found.code, "params": found.params} for found in run.findings],
    }


COMMANDS: tuple[click.Command, ...] = (upkeep_command,)
