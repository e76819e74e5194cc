"""``storeroom evidence``: what proves one item, in one file that a stranger can check with Python alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from edge.cli import CONFIG_OPTION, language
from edge.cli_export import BY_OPTION, CLEARANCE_OPTION, Args, cleared, proof
from edge.cli_node import done_by
from edge.cli_options import JSON_OPTION
from edge.clock import iso_utc
from edge.config import load
from edge.control import Verb
from edge.store.database import Database
from edge.store.keys import Keys
from edge.store.people import People
from edge.words import say
from edge.workflows import evidence
from edge.workflows.evidence import Signed


def control_verbs(database: Database, people: People, keys: Keys) -> dict[str, Verb]:
    """The node makes the extract itself: it alone can write the event and sign it."""

    def make(args: Args, _progress: object) -> Args:
        person = cleared(people, args["by"], args["clearance"])
        return evidence.hand_over(
            Signed(database, keys.signing),
            args["number"],
            Path(args["out"]),
            clearance=args["clearance"],
            person=person,
            language=args["language"],
        )

    return {"evidence": make}


@click.command("evidence")
@click.argument("number", default="")
@click.option("--out", type=click.Path(path_type=Path), help="ZIP to write.")
@click.option("--check", "checked", type=click.Path(path_type=Path), help="Check an extract instead; needs no node.")
@CLEARANCE_OPTION
@BY_OPTION
@CONFIG_OPTION
@JSON_OPTION
def evidence_command(
    number: str, out: Path | None, checked: Path | None, clearance: str, by: str, config_path: Path, as_json: bool
) -> None:
    """Hand over the record of one item with all events about it, and what proves both to a stranger.

    Example: storeroom evidence Z109-WS·2011-Y-0001 --out 证据.zip
    """
    if checked is not None:
        _tell(evidence.check_file(checked), checked, as_json)
        return
    if not number or out is None:
        raise click.UsageError(
            "which item, and where to? Example: storeroom evidence Z109-WS·2011-Y-0001 --out 证据.zip"
        )
    config = load(config_path)
    args: Args = {
        "number": number,
        "out": str(out.absolute()),
        "clearance": clearance,
        "by": proof(by),
        "language": language(),
    }
    found = done_by(
        config,
        lambda database, keys: control_verbs(database, People(database, keys.site), keys),
        "evidence",
        args,
    )
    _tell(found, out, as_json)


COMMANDS: tuple[click.Command, ...] = (evidence_command,)


def _tell(found: dict[str, Any], path: Path, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({**found, "file": str(path)}, ensure_ascii=False))
        return
    item = found["record"]["item"]
    words = {"events": found["events"], "checkpoints": found["checkpoints"], "when": iso_utc(found["utc_ms"])}
    tongue = language()
    click.echo(say(tongue, "evidence.good", file=path, number=item["ref_code"], **words))
    click.echo(say(tongue, "evidence.fingerprint", fingerprint=found["fingerprint"]))
