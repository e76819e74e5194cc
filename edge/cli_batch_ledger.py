"""``storeroom batch ledger``: the hand-over ledger 交接台账 of a batch on paper. The node says what stands in it and
records the print; it is drawn here.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from edge.cli import CONFIG_OPTION, language
from edge.cli_digitise import node_and_proof
from edge.cli_export import CLEARANCE_OPTION
from edge.clock import SystemClock
from edge.control import Verb, ask
from edge.words import say
from edge.workflows import print_batch, print_out
from edge.workflows.print_out import Sheets

if TYPE_CHECKING:
    from edge.workflows.room import Room

Args = dict[str, Any]


def ledger_verb(room: Room) -> Verb:
    """What stands in it."""

    def told(args: Args, _progress: object) -> Args:
        person = room.people.by_pin(args["by"]["id"], args["by"]["pin"])
        return asdict(print_batch.ledger(room, person, args["name"], args["clearance"], args["language"]))

    return told


@click.command("ledger")
@click.argument("name")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="PDF to write.")
@CLEARANCE_OPTION
@click.option("--by", required=True, help="Id of who does it; the PIN is asked for.")
@CONFIG_OPTION
def ledger_command(name: str, out: Path, clearance: str, by: str, config_path: Path) -> None:
    """Print the hand-over ledger 交接台账: what left and came back, who checked each round, room to sign.

    Example: storeroom batch ledger 2026-01 --out 交接台账.pdf --by 0190…
    """
    socket, proof = node_and_proof(config_path, by)
    tongue = language()
    args = {"by": proof, "name": name, "clearance": clearance, "language": tongue}
    told = ask(socket, "batch.ledger", args)
    of = print_batch.Ledger(**told)
    printed = print_batch.on_paper(of, tongue, SystemClock().utc_ms())

    def record(sheets: Sheets) -> None:
        ask(socket, "print.made", {"by": proof, "clearance": clearance, "sheets": asdict(sheets)})

    done = print_out.put_out(printed, of.rows, print_batch.KIND, "", clearance, out, record)
    click.echo(say(tongue, "print.made", listed=done.listed, pages=done.pages, file=out))
