"""``storeroom stocktake``: begin, count by scanner file or pictures, the difference sheet, signatures, approval.

Asks the running node, as the panel does.
"""

from __future__ import annotations

import hashlib
import io
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from edge.cli import CONFIG_OPTION, language
from edge.cli_digitise import node_and_proof
from edge.cli_options import JSON_OPTION
from edge.cli_read import picture_files
from edge.clock import SystemClock
from edge.control import ask
from edge.store.exports import csv_out
from edge.store.whole_file import appears_whole
from edge.words import say

if TYPE_CHECKING:
    from edge.workflows.print_stocktake import Printable

Args = dict[str, Any]
NOT_ALL = 1  # exit code where a bay is not counted to its end, or a line could not be taken
BY_OPTION = click.option("--by", required=True, help="Id of who does it; the PIN is asked for.")


@click.group("stocktake")
def stocktake_group() -> None:
    """Stocktaking 盘点: blind, signed by two, the index corrected only by approval. ID: as ``list`` shows it, or last.

    Example: storeroom stocktake begin rolling --by 0190…
    """


@stocktake_group.command("list")
@BY_OPTION
@CONFIG_OPTION
@JSON_OPTION
def list_command(by: str, config_path: Path, as_json: bool) -> None:
    """Stocktakes, open ones first, and the bays that are due.

    Example: storeroom stocktake list --by 0190…
    """
    told = _ask(config_path, by, "list")
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    tongue = language()
    for one in told["stocktakes"]:
        state = say(tongue, "panel.stock.closed" if one["closed_ms"] else "panel.stock.open")
        about = {name: one[name] for name in ("id", "counted", "parts")}
        kind = say(tongue, f"panel.stock.kind.{one['kind']}")
        click.echo(say(tongue, "stock.line", kind=kind, state=state, left=one["open_differences"], **about))
    bays = [
        say(tongue, "stock.bay_open", bay=one["bay"], aisle=one["aisle"]) if one["open_now"] else one["bay"]
        for one in told["due"]
    ]
    click.echo(say(tongue, "stock.due", bays=say(tongue, "panel.comma").join(bays)))
    if told["sample_due"]:
        click.echo(say(tongue, "panel.stock.sample_due"))


@stocktake_group.command("begin")
@click.argument("kind", type=click.Choice(("rolling", "full", "sample")))
@click.option("--bay", default="", help="rolling: this bay; else the first that is due, open aisles before others.")
@click.option("--boxes", type=click.IntRange(1), help="sample: how many boxes are drawn by chance.")
@BY_OPTION
@CONFIG_OPTION
def begin_command(kind: str, bay: str, boxes: int | None, by: str, config_path: Path) -> None:
    """Begin one: rolling (one bay), full (all of them), or the weekly sample of boxes to be opened.

    Example: storeroom stocktake begin rolling --bay B1-A-03-R-02 --by 0190…
    """
    told = _ask(config_path, by, "begin", kind=kind, bay=bay, boxes=boxes)
    click.echo(say(language(), "stock.begun", id=told["id"]))
    for name in told["parts"]:
        click.echo(f"  {name}")


@stocktake_group.command("count")
@click.argument("stocktake_id", metavar="ID")
@click.argument("bay")
@click.option("--scans", type=click.File("r", encoding="utf-8"), help="What a scanner read: a slot, its box, … a line.")
@click.option("--picture", "pictures", multiple=True, type=click.Path(path_type=Path), help="Of the bay; a folder too.")
@click.option("--empty", multiple=True, metavar="SLOT", help="Somebody looked: nothing stands there.")
@click.option("--no-label", multiple=True, metavar="SLOT", help="Somebody looked: a box nobody can read.")
@click.option("--give-up", is_flag=True, help="Forget what was seen; the bay may move again.")
@BY_OPTION
@CONFIG_OPTION
@JSON_OPTION
def count_command(
    stocktake_id: str,
    bay: str,
    scans: io.TextIOBase | None,
    pictures: tuple[Path, ...],
    empty: tuple[str, ...],
    no_label: tuple[str, ...],
    give_up: bool,
    by: str,
    config_path: Path,
    as_json: bool,
) -> None:
    """Count one bay, in one go or several: frozen until every slot was seen, and nothing says what should be there.

    A slot scanned twice is empty. Pictures count only if they were taken while the bay's aisle stood open.

    Example: storeroom stocktake count last B1-A-03-R-02 --scans scans.txt --empty B1-A-03-R-02-1-04 --by 0190…
    """
    read = [line.strip() for line in scans or () if line.strip()]
    files = [str(path.absolute()) for path in picture_files(pictures)] if pictures else []
    said: Args = {"bay": bay, "scans": read, "pictures": files, "empty": empty, "no_label": no_label}
    told = _ask(config_path, by, "count", id=stocktake_id, give_up=give_up, language=language(), **said)
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        _tell_count(bay, told)
    if told["refused"] or told["shots"] or told["left"]:
        sys.exit(NOT_ALL)


def _tell_count(bay: str, told: Args) -> None:
    tongue = language()
    for one in told["refused"]:
        click.echo(say(tongue, "stock.line_refused", **one), err=True)
    for wrong in told["shots"]:
        click.echo(wrong, err=True)
    if told["given_up"]:
        click.echo(say(tongue, "stock.given_up", bay=bay))
    elif told["left"]:
        slots = ", ".join(told["left"][:12])
        click.echo(say(tongue, "stock.still", bay=bay, count=len(told["left"]), slots=slots))
    else:
        click.echo(say(tongue, "stock.finished", bay=bay, count=told["differences"]))


@stocktake_group.command("box")
@click.argument("stocktake_id", metavar="ID")
@click.argument("box_no")
@click.option("--counted", type=click.File("r", encoding="utf-8"), help="Lines “number,pages”, “number,missing”.")
@BY_OPTION
@CONFIG_OPTION
def box_command(stocktake_id: str, box_no: str, counted: io.TextIOBase | None, by: str, config_path: Path) -> None:
    """A box of the sample, opened: what should lie in it, or with --counted what does, and how many pages each has.

    Example: storeroom stocktake box last 0031 --counted box.csv --by 0190…
    """
    lines = [line.strip() for line in counted if line.strip()] if counted else None
    told = _ask(config_path, by, "box", id=stocktake_id, box_no=box_no, lines=lines)
    tongue = language()
    if lines is not None:
        click.echo(say(tongue, "stock.box_counted", box_no=box_no, count=told["differences"]))
        return
    click.echo(say(tongue, "stock.box_items", box_no=box_no, count=len(told["items"])), err=True)
    for item in told["items"]:
        click.echo(f"{item['ref_code']},")


@stocktake_group.command("sheet")
@click.argument("stocktake_id", metavar="ID")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="A4 as .pdf, or .csv; else on the screen.")
@BY_OPTION
@CONFIG_OPTION
@JSON_OPTION
def sheet_command(stocktake_id: str, out: Path | None, by: str, config_path: Path, as_json: bool) -> None:
    """The difference sheet 盘点差异表: what the index has, what was counted, who signed.

    Example: storeroom stocktake sheet last --out 盘点差异表.pdf --by 0190…
    """
    socket, proof = node_and_proof(config_path, by)
    args = {"by": proof, "id": stocktake_id, "language": language()}
    told = ask(socket, "stocktake.sheet", args)
    shown = _printable(told["printable"])
    if as_json:
        click.echo(json.dumps(told["sheet"], ensure_ascii=False))
    if out is None:
        if not as_json:
            _show(shown)
        return
    content, pages = (_csv(shown), 0) if out.suffix.lower() == ".csv" else _pdf(shown)
    with appears_whole(out) as (_path, file):
        file.write(content)
        sha256 = hashlib.sha256(content).hexdigest()
        ask(socket, "stocktake.printed", {**args, "listed": shown.rows, "pages": pages, "sha256": sha256})
    if not as_json:
        click.echo(say(language(), "stock.written", file=out, count=shown.rows))


@stocktake_group.command("sign")
@click.argument("stocktake_id", metavar="ID")
@BY_OPTION
@CONFIG_OPTION
def sign_command(stocktake_id: str, by: str, config_path: Path) -> None:
    """One of the two signatures under the sheet; the second closes the stocktake.

    Example: storeroom stocktake sign last --by 0190…
    """
    told = _ask(config_path, by, "sign", id=stocktake_id)
    click.echo(say(language(), "panel.stock.signed", names=say(language(), "panel.comma").join(told["signed"])))


@stocktake_group.command("approve")
@click.argument("stocktake_id", metavar="ID")
@click.argument("lines", metavar="NO…", nargs=-1, required=True, type=click.IntRange(1))
@click.option("--leave", is_flag=True, help="Leave the index as it is.")
@BY_OPTION
@CONFIG_OPTION
def approve_command(stocktake_id: str, lines: tuple[int, ...], leave: bool, by: str, config_path: Path) -> None:
    """Correct the index to what was counted, line by line as numbered on the sheet. Never by whoever counted.

    Example: storeroom stocktake approve last 1 2 5 --by 0190…
    """
    told = _ask(config_path, by, "approve", id=stocktake_id, lines=lines, correct=not leave)
    for no, state in zip(lines, told["states"], strict=True):
        click.echo(f"{no}  {say(language(), f'panel.stock.state.{state}')}")


@stocktake_group.command("put-right")
@click.argument("stocktake_id", metavar="ID")
@click.argument("line", metavar="NO", type=click.IntRange(1))
@click.argument("scans", metavar="SCAN…", nargs=-1, required=True)
@BY_OPTION
@CONFIG_OPTION
def put_right_command(stocktake_id: str, line: int, scans: tuple[str, ...], by: str, config_path: Path) -> None:
    """A misplaced box goes where it belongs: scan it where it stands, then the slot it belongs in. Both are checked.

    Example: storeroom stocktake put-right last 1 SR1:B0000000000010X B1-A-03-R-02-4-07 --by 0190…
    """
    told = _ask(config_path, by, "put_right", id=stocktake_id, line=line, scans=scans)
    state = say(language(), f"panel.stock.state.{told['state']}")
    click.echo(say(language(), "stock.righted", box_no=told["box_no"], state=state))


COMMANDS: tuple[click.Command, ...] = (stocktake_group,)


def _ask(config_path: Path, by: str, verb: str, **args: Any) -> Args:
    socket, proof = node_and_proof(config_path, by)
    return ask(socket, f"stocktake.{verb}", {"by": proof, **args})


def _printable(told: Args) -> Printable:
    from edge.workflows.print_stocktake import Printable

    parts = tuple((head, tuple(map(tuple, rows))) for head, rows in told["parts"])
    return Printable(told["title"], tuple(told["headings"]), parts, tuple(told["closing"]))


def _show(shown: Printable) -> None:
    click.echo(shown.title)
    for head, rows in shown.parts:
        click.echo(head)
        for row in rows:
            click.echo("  " + "  ".join(cell for cell in row if cell))
    for line in shown.closing:
        click.echo(line)


def _csv(shown: Printable) -> bytes:
    out = io.BytesIO()
    csv_out.write(out, list(shown.headings), (list(row) for _head, rows in shown.parts for row in rows))
    return out.getvalue()


def _pdf(shown: Printable) -> tuple[bytes, int]:
    from edge.workflows.print_stocktake import on_paper

    printed = on_paper(shown, language(), SystemClock().utc_ms())
    return printed.pdf, printed.pages
