"""``storeroom export``: tables out of the store into one file. The node checks who asks and writes the event.

Reading needs no lock and goes beside the running node; only the proof of the person and the event go through it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from edge.cli import CONFIG_OPTION, language
from edge.cli_node import done_by
from edge.cli_options import JSON_OPTION, tell
from edge.cli_people import ask_pin
from edge.clock import SystemClock
from edge.config import Config, load
from edge.control import Verb
from edge.domain.people import Person
from edge.domain.records import SECRECY
from edge.errors import StoreError
from edge.store.begin import DATABASE_FILE, READINGS_FILE
from edge.store.database import Database
from edge.store.exports.tables import TABLES
from edge.store.keys import read_keys
from edge.store.people import People
from edge.store.readers import Readers
from edge.store.trace import TraceView
from edge.words import say
from edge.workflows import take_out
from edge.workflows.take_out import OPEN_TO_ALL, Order, Taken

Args = dict[str, Any]
TRACE = "trace"


def control_verbs(database: Database, people: People) -> dict[str, Verb]:
    """What the running node answers: whether they may (``export.allow``), and that it is done (``export.made``)."""

    def allow(args: Args, _progress: object) -> Args:
        person = cleared(people, args["by"], args["order"]["clearance"])
        return {"person": person.id if person else ""}

    def made(args: Args, _progress: object) -> Args:
        person = cleared(people, args["by"], args["order"]["clearance"])
        take_out.record(database, Order(**args["order"]), Taken(**args["taken"]), person)
        return {}

    return {"export.allow": allow, "export.made": made}


def cleared(people: People, by: Args | None, clearance: str) -> Person | None:
    """Who takes it out, proved by ``by`` = {"id", "pin"}; None: nobody has said. RuleRefused ``export_not_cleared``."""
    person = people.by_pin(by["id"], by["pin"]) if by else None
    take_out.require_cleared(person, clearance)
    return person


def proof(by: str) -> Args | None:
    """What ``--by`` proves, its PIN asked for."""
    return {"id": by, "pin": ask_pin(tell("ask_pin", id=by))} if by else None


CLEARANCE_OPTION = click.option(
    "--clearance",
    type=click.Choice(SECRECY),
    default=OPEN_TO_ALL,
    show_default=True,
    help="Up to which level; above internal it takes --by somebody who is cleared.",
)
BY_OPTION = click.option("--by", default="", help="Id of who takes it out; the PIN is asked for.")


def _ask_node(config: Config, verb: str, args: Args) -> Args:
    return done_by(config, lambda database, keys: control_verbs(database, People(database, keys.site)), verb, args)


@click.command("export")
@click.argument("what", type=click.Choice([*TABLES, TRACE, take_out.SOURCE]))
@click.option(
    "--format",
    "form",
    type=click.Choice(take_out.FORMATS),
    default="csv",
    show_default=True,
    help="ead, ead3 and atom: of items only. The trace is always JSON Lines.",
)
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="File to write, for the trace a new folder."
)
@click.option("--fonds", default="", help="Only this fonds 全宗号.")
@click.option("--import", "import_id", default="", metavar="ID", help="source: the imported file of this import.")
@CLEARANCE_OPTION
@BY_OPTION
@CONFIG_OPTION
@JSON_OPTION
def export_command(
    what: str,
    form: str,
    out: Path,
    fonds: str,
    import_id: str,
    clearance: str,
    by: str,
    config_path: Path,
    as_json: bool,
) -> None:
    """Take a table out: CSV, XLSX, JSON Lines; items also as finding aid: EAD 2002, EAD3, AtoM.

    Works beside the running node; each export is an event. Never overwrites a file. The file of an import comes out
    again with: source --import ID.

    Example: storeroom export items --format xlsx --out 目录.xlsx --fonds Z109
    """
    config = load(config_path)
    form = "jsonl" if what == TRACE else "" if what == take_out.SOURCE else form
    order = Order(what, form, clearance, fonds, language(), SystemClock().utc_ms(), import_id)
    args: Args = {"by": proof(by), "order": {name: getattr(order, name) for name in Order.__dataclass_fields__}}
    _ask_node(config, "export.allow", args)

    def record(taken: Taken) -> None:
        done = {"rows": taken.rows, "altered": taken.altered, "sha256": taken.sha256}
        _ask_node(config, "export.made", {**args, "taken": done})

    keys = read_keys(config.node.keys_dir)
    path = config.node.data_dir / (READINGS_FILE if what == "readings" else DATABASE_FILE)
    if not path.exists():
        if what == "readings":  # the node makes that file when it first runs
            raise StoreError("no_readings", "run_node_first", path=str(path))
        raise StoreError("no_database", "run_init", path=str(path))
    readers = Readers(path, keys.database)
    try:
        if what == TRACE:
            trace, public_key = TraceView(readers, config.node.id), keys.signing_public
            taken = _with_bar(out.name, lambda bar: take_out.take_out_trace(trace, public_key, order, out, record, bar))
        else:
            taken = _with_bar(out.name, lambda bar: take_out.take_out(readers, order, out, record, bar))
    finally:
        readers.close()
    _tell(order, out, taken, as_json)


COMMANDS: tuple[click.Command, ...] = (export_command,)


def _tell(order: Order, out: Path, taken: Taken, as_json: bool) -> None:
    if as_json:
        said = {
            "file": str(out),
            "what": order.what,
            "format": order.format,
            "rows": taken.rows,
            "altered": taken.altered,
            "sha256": taken.sha256,
            "clearance": order.clearance,
            "rights_may_limit": order.clearance != SECRECY[-1],
        }
        click.echo(json.dumps(said, ensure_ascii=False))
        return
    tongue = language()
    click.echo(say(tongue, "export.made", rows=taken.rows, file=out, sha256=taken.sha256))
    if taken.altered and order.what != TRACE:
        click.echo(say(tongue, "export.altered", altered=taken.altered))
    if order.clearance != SECRECY[-1]:
        click.echo(say(tongue, "export.limited", level=say(tongue, f"export.level.{order.clearance}")), err=True)


def _with_bar(name: str, work: Callable[[take_out.Progress], Taken]) -> Taken:
    """Do ``work`` under a progress bar on stderr where a person watches."""
    if not sys.stderr.isatty():
        return work(lambda _said: None)
    with click.progressbar(length=1, label=name, file=sys.stderr) as bar:

        def progress(said: dict[str, Any]) -> None:
            bar.length = max(1, said["total"])
            bar.update(max(0, said["rows"] - bar.pos))

        return work(progress)
