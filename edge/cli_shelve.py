"""``storeroom shelve …``: places of boxes from a terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from edge.cli import CONFIG_OPTION, language
from edge.cli_archive import BY_OPTION, do
from edge.cli_options import JSON_OPTION, as_json_text
from edge.clock import iso_utc
from edge.errors import InputRefused, raise_from_json
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
    else:
        for one in answer["put"]:
            click.echo(say(language(), "shelve.put", box_no=one["box_no"], slot=one["slot"]))
        if answer["left"]:
            click.echo(say(language(), "panel.placing.left_over", left=answer["left"]), err=True)
    if answer["refused"]:
        raise_from_json(answer["refused"])
    if not answer["put"]:
        raise InputRefused("half_a_placing", "write_box_and_slot")


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
    _tell_rooms(answer["shelves"])


@shelve.command("limits")
@click.argument("prefix", metavar="SHELF")
@click.option("--width", "width_mm", type=int, help="mm between its uprights.")
@click.option("--height", "height_mm", type=int, help="mm of clear height.")
@click.option("--load", "load_kg", type=int, help="kg it may carry; never more than shelf_load_kg in node.toml.")
@CONFIG_OPTION
@BY_OPTION
@JSON_OPTION
def limits(
    prefix: str,
    width_mm: int | None,
    height_mm: int | None,
    load_kg: int | None,
    config_path: Path,
    by: str,
    as_json: bool,
) -> None:
    """Say how wide and high a shelf is and what it may carry, where it differs from the plan.

    B1-A-03-R-02-4 is one shelf, B1-A-03-R-02 its section, B1-A-03-R the whole face.

    Example: storeroom shelve limits B1-A-03-R-02-4 --width 870 --load 30 --by ID
    """
    asked = {"width_mm": width_mm, "height_mm": height_mm, "load_kg": load_kg}
    answer = do(config_path, by, "shelf_limits", {"prefix": prefix, "limits": asked})
    if as_json:
        click.echo(as_json_text(answer))
        return
    _tell_rooms(answer["shelves"])


def _tell_rooms(shelves: list[dict[str, Any]]) -> None:
    for one in shelves:
        over = one["free_mm"] < 0 or one["free_g"] < 0
        told = {**one, "free_kg": one["free_g"] // 1000, "most_kg": one["load_g"] // 1000}
        click.echo(say(language(), "shelve.room", **told))
        if over:
            click.echo(say(language(), "shelve.room_over", **told))


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
@click.option("--put-back", is_flag=True, help="Undo the last move: the box belongs where it did before.")
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
