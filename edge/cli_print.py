"""``storeroom print``: registers and labels as PDF. Reads beside the running node, which checks who asks and records.

Drawing happens in this process, so that a register of a thousand pages holds up nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import click

from edge.cli import CONFIG_OPTION, language
from edge.cli_export import BY_OPTION, CLEARANCE_OPTION, Args, cleared, proof
from edge.cli_node import done_by
from edge.cli_options import JSON_OPTION
from edge.clock import SystemClock
from edge.config import Config, load
from edge.control import Verb
from edge.errors import RuleRefused
from edge.paper.document import Printed
from edge.paper.label_sheet import Size, Stock
from edge.store import block_file
from edge.store.begin import DATABASE_FILE
from edge.store.database import NODE, Database
from edge.store.keys import read_keys
from edge.store.label_rows import Wanted, ready_cabinets
from edge.store.people import People
from edge.store.readers import Readers
from edge.words import say
from edge.workflows import print_labels, print_out, print_register
from edge.workflows.print_certificate import print_certificate
from edge.workflows.print_labels import LabelOrder
from edge.workflows.print_out import Sheets
from edge.workflows.print_register import RegisterOrder
from edge.workflows.take_out import OPEN_TO_ALL


def control_verbs(database: Database, people: People) -> dict[str, Verb]:
    """Whether they may (``print.allow``, which also readies cabinets' labels), and that it is done (``print.made``)."""

    def allow(args: Args, _progress: object) -> Args:
        cleared(people, args["by"], args["clearance"])
        if args["what"] == "label.cabinet":
            database.write(lambda change: ready_cabinets(change, NODE), telemetry=True)
        return {}

    def made(args: Args, _progress: object) -> Args:
        print_out.record(database, Sheets(**args["sheets"]), cleared(people, args["by"], args["clearance"]))
        return {}

    return {"print.allow": allow, "print.made": made}


@click.group("print")
def print_group() -> None:
    """Registers 目录 and labels 标签 on paper, as PDF with its Chinese type inside.

    Example: storeroom print register files --fonds Z109 --year 2011 --out 归档文件目录.pdf
    """


@print_group.command("register")
@click.argument("kind", type=click.Choice(print_register.KINDS))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="PDF to write.")
@click.option("--fonds", default="", help="Of this fonds 全宗号.")
@click.option("--year", type=int, help="files: only of this year.")
@click.option("--retention", default="", help="files: only of this period: Y, D30, D10 …")
@click.option("--volume", default="", help="contents, notes: archive number of the volume.")
@click.option("--box", default="", help="contents, notes: number of the box.")
@CLEARANCE_OPTION
@BY_OPTION
@CONFIG_OPTION
@JSON_OPTION
def register_command(
    kind: print_register.Kind,
    out: Path,
    fonds: str,
    year: int | None,
    retention: str,
    volume: str,
    box: str,
    clearance: str,
    by: str,
    config_path: Path,
    as_json: bool,
) -> None:
    """Print a register: files 归档文件目录, volumes 案卷目录, contents 卷内文件目录, notes 备考表. A4, on its side.

    Example: storeroom print register contents --volume J019-KU·01·2017-001-001 --out 卷内文件目录.pdf
    """
    made_ms = SystemClock().utc_ms()
    order = RegisterOrder(kind, clearance, fonds, year, retention.upper(), volume, box, language(), made_ms)
    _print(
        load(config_path),
        Sheets(f"register.{kind}", fonds, clearance, 0, 0, ""),
        by,
        out,
        lambda readers: print_register.print_register(readers, order),
        as_json,
    )


@print_group.command("labels")
@click.argument("kind", type=click.Choice(print_labels.KINDS))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="PDF to write.")
@click.option(
    "--on", type=click.Choice(["sheet", "roll"]), default="sheet", show_default=True, help="A4, or one a page."
)
@click.option("--size", metavar="WxH", help="Of one label in mm; without it as usual for its kind.")
@click.option("--border", metavar="WxH", help="mm that a sheet keeps free at its sides and at top and bottom.")
@click.option("--precut", is_flag=True, help="Sheets that are cut already: no cutting marks.")
@click.option("--skip", type=click.IntRange(0, 500), default=0, help="Places of the first sheet that are used up.")
@click.option("--number", "numbers", multiple=True, help="Only this one; may be given several times.")
@click.option("--reprint", is_flag=True, help="box: only those whose spine says what is no longer so.")
@click.option("--place", default="", help="Beginning of a slot code 储位号: B1-A-03-R.")
@click.option("--fonds", default="", help="Only of this fonds 全宗号.")
@CLEARANCE_OPTION
@BY_OPTION
@CONFIG_OPTION
@JSON_OPTION
def labels_command(
    kind: print_labels.Kind,
    out: Path,
    on: str,
    size: str | None,
    border: str | None,
    precut: bool,
    skip: int,
    numbers: tuple[str, ...],
    reprint: bool,
    place: str,
    fonds: str,
    clearance: str,
    by: str,
    config_path: Path,
    as_json: bool,
) -> None:
    """Print labels with their QR code: spines of boxes, slots, cabinets, items, volumes.

    Example: storeroom print labels slot --place B1-A-03 --size 70x37 --border 0x0.5 --precut --out 储位.pdf
    """
    if reprint and kind != "box":
        raise click.UsageError("--reprint is for spines of boxes: storeroom print labels box --reprint --out 盒脊.pdf")
    stock = Stock("roll" if on == "roll" else "sheet", _size(border) or Stock("sheet").border, skip, not precut)
    made_ms = SystemClock().utc_ms()
    order = LabelOrder(kind, clearance, Wanted(numbers, place, reprint), stock, _size(size), fonds, language(), made_ms)
    _print(
        load(config_path),
        Sheets(f"label.{kind}", fonds, clearance, 0, 0, ""),
        by,
        out,
        lambda readers: print_labels.print_labels(readers, order),
        as_json,
    )


@print_group.command("certificate")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="PDF to write.")
@BY_OPTION
@CONFIG_OPTION
@JSON_OPTION
def certificate_command(out: Path, by: str, config_path: Path, as_json: bool) -> None:
    """Print the record of the block's proofs: the newest monthly proof, item by item, and its commissioning.

    Example: storeroom print certificate --out 验证记录.pdf
    """
    config, made_ms = load(config_path), SystemClock().utc_ms()
    area, zone = config.block.area, config.node.zone
    key = read_keys(config.node.keys_dir).signing_public
    try:
        file = block_file.read(config.node.data_dir / block_file.NAME, key, area)
    except RuleRefused:
        file = None  # the monthly proofs are printed all the same
    _print(
        config,
        Sheets("certificate", "", OPEN_TO_ALL, 0, 0, ""),
        by,
        out,
        lambda readers: print_certificate(readers, area, file, zone, language(), made_ms),
        as_json,
    )


COMMANDS: tuple[click.Command, ...] = (print_group,)


def _size(written: str | None) -> Size | None:
    """``70x37`` in mm."""
    if written is None:
        return None
    try:
        width, height = (float(part) for part in written.lower().replace("×", "x").split("x"))
    except ValueError:
        raise click.BadParameter(f"{written}: width and height in mm, for example 70x37") from None
    return Size(width, height)


def _print(
    config: Config,
    asked: Sheets,
    by: str,
    out: Path,
    draw: Callable[[Readers], tuple[Printed, int]],
    as_json: bool,
) -> None:
    args: Args = {"by": proof(by), "clearance": asked.clearance, "what": asked.what}
    _ask_node(config, "print.allow", args)

    def record(sheets: Sheets) -> None:
        values = {name: getattr(sheets, name) for name in Sheets.__dataclass_fields__}
        _ask_node(config, "print.made", {**args, "sheets": values})

    readers = Readers(config.node.data_dir / DATABASE_FILE, read_keys(config.node.keys_dir).database)
    try:
        printed, listed = draw(readers)
    finally:
        readers.close()
    done = print_out.put_out(printed, listed, asked.what, asked.fonds_no, asked.clearance, out, record)
    if as_json:
        said = {"file": str(out), "listed": done.listed, "pages": done.pages, "sha256": done.sha256}
        click.echo(json.dumps(said, ensure_ascii=False))
    else:
        click.echo(say(language(), "print.made", listed=done.listed, pages=done.pages, file=out))


def _ask_node(config: Config, verb: str, args: Args) -> Args:
    return done_by(config, lambda database, keys: control_verbs(database, People(database, keys.site)), verb, args)
