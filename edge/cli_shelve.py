"""``storeroom shelve …``: places of boxes from a terminal."""

from __future__ import annotations

from pathlib import Path

import click

from edge.cli import CONFIG_OPTION, language
from edge.cli_archive import BY_OPTION, do
from edge.cli_options import JSON_OPTION, as_json_text
from edge.clock import iso_utc
from edge.words import say


@click.group()
def shelve() -> None:
    """Places of boxes: put away, what is free, how they moved.

    Example: storeroom shelve put 12 B1-A-03-R-02-4-07 --by ID
    """


@shelve.command("put")
@click.argument("reads", nargs=-1, required=True, metavar="BOX SLOT | SLOT BOX…")
@CONFIG_OPTION
@BY_OPTION
@JSON_OPTION
def put(reads: tuple[str, ...], config_path: Path, by: str, as_json: bool) -> None:
    """Put boxes away: a box and its slot, or a slot and then the boxes that go there and behind it.

    Example: storeroom shelve put B1-A-03-R-02-4-07 12 13 14 --by ID
    """
    answer = do(config_path, by, "put", {"texts": list(reads)})
    if as_json:
        click.echo(as_json_text(answer))
        return
    for one in answer["put"]:
        click.echo(say(language(), "shelve.put", box_no=one["box_no"], slot=one["slot"]))


@shelve.command("room")
@click.argument("prefix", default="")
@CONFIG_OPTION
@BY_OPTION
@JSON_OPTION
def room(prefix: str, config_path: Path, by: str, as_json: bool) -> None:
    """Every shelf with its free places, millimetres and kilograms.

    Example: storeroom shelve room B1-A-03-R --by ID
    """
    answer = do(config_path, by, "shelves", {"prefix": prefix})
    if as_json:
        click.echo(as_json_text(answer))
        return
    for one in answer["shelves"]:
        click.echo(say(language(), "shelve.room", **{**one, "free_kg": one["free_g"] // 1000}))


@shelve.command("suggest")
@click.argument("box")
@CONFIG_OPTION
@BY_OPTION
@JSON_OPTION
def suggest(box: str, config_path: Path, by: str, as_json: bool) -> None:
    """Free slots where the box has room, near its fonds first.

    Example: storeroom shelve suggest 12 --by ID
    """
    answer = do(config_path, by, "suggest", {"box": box})
    if as_json:
        click.echo(as_json_text(answer))
        return
    for slot in answer["slots"] or [say(language(), "shelve.no_room")]:
        click.echo(slot)


@shelve.command("history")
@click.argument("box")
@click.option("--put-back", is_flag=True, help="Undo the last move: the box goes where it was before.")
@CONFIG_OPTION
@BY_OPTION
@JSON_OPTION
def history(box: str, put_back: bool, config_path: Path, by: str, as_json: bool) -> None:
    """Where the box stood, newest first.

    Example: storeroom shelve history 12 --put-back --by ID
    """
    answer = do(config_path, by, "put_back" if put_back else "moves", {"box": box})
    if as_json:
        click.echo(as_json_text(answer))
        return
    for one in answer["moves"]:
        line = {**one, "when": iso_utc(one["utc_ms"]), "slot": one["slot"] or "—", "before": one["before"] or "—"}
        click.echo(say(language(), "shelve.moved", **line))


@shelve.command("type")
@click.argument("box")
@click.argument("type_code")
@click.option("--weighed", "weighed_g", type=click.IntRange(1, 100_000), help="g, where somebody weighed it.")
@click.option("--thick", "thickness_mm", type=int, help="mm, where it was written down wrong.")
@CONFIG_OPTION
@BY_OPTION
@JSON_OPTION
def box_type(
    box: str, type_code: str, weighed_g: int | None, thickness_mm: int | None, config_path: Path, by: str, as_json: bool
) -> None:
    """Say what kind of box it is: archive, voucher, photo, drawing; how thick, and what it weighs.

    Example: storeroom shelve type 12 voucher --weighed 1800 --by ID
    """
    asked = {"box": box, "type": type_code, "weighed_g": weighed_g, "thickness_mm": thickness_mm}
    answer = do(config_path, by, "box_type", asked)
    if as_json:
        click.echo(as_json_text(answer))


COMMANDS: tuple[click.Command, ...] = (shelve,)
