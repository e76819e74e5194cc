"""``storeroom shelf-read``: pictures of one bay, read here and held against the node's index."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from edge.cli import CONFIG_OPTION, language
from edge.cli_node import done_by
from edge.cli_options import JSON_OPTION
from edge.cli_read import picture_files, quiet_stderr
from edge.config import load
from edge.control import Progress, Verb
from edge.domain import slot_codes
from edge.domain.bays import Unplaced, counts
from edge.store.database import Database
from edge.words import say
from edge.workflows import read_bay

if TYPE_CHECKING:
    from edge.vision.bay_requests import BayIndex
    from edge.vision.shelf import SectionSeen
    from edge.vision.shelf_grid import Place

LEGEND_FONT_PX = 18
NOT_RIGHT = 1  # exit code where anything is not as the index has it, or could not be read


def control_verbs(database: Database) -> dict[str, Verb]:
    """What the store answers for this file's command."""

    def index(args: dict[str, Any], _progress: Progress) -> dict[str, Any]:
        return dict(read_bay.index_of(database, slot_codes.prefix(args["bay"])))

    def judged(args: dict[str, Any], _progress: Progress) -> dict[str, Any]:
        findings = read_bay.held_against(database, slot_codes.prefix(args["bay"]), args["seen"])
        why = [read_bay.why_unplaced(database, Unplaced(0, tuple(one[0]), one[1])) for one in args["unplaced"]]
        return {"findings": [read_bay.as_json(one) for one in findings], "counts": counts(findings), "unplaced": why}

    return {"bay.index": index, "bay.judge": judged}


@click.command("shelf-read")
@click.argument("images", nargs=-1, required=True, type=click.Path(path_type=Path))
@CONFIG_OPTION
@click.option("--bay", required=True, help="The bay 节: area, column, face and section, as in B1-A-03-R-02.")
@click.option(
    "--out", "picture", type=click.Path(path_type=Path), help="Write the picture of the bay here (PNG, JPEG)."
)
@JSON_OPTION
def shelf_read_command(
    images: tuple[Path, ...], config_path: Path, bay: str, picture: Path | None, as_json: bool
) -> None:
    """Read pictures of one bay: what stands in each slot, and what of it is not where it belongs.

    Pictures may overlap and come in any order; each must show at least two slot labels of one level.
    Nothing is changed.
    The exit code is 1 where anything is misplaced, missing, unknown or not to be read for certain.

    Example: storeroom shelf-read walk/*.jpg --bay B1-A-03-R-02 --out bay.png
    """
    index = _ask(config_path, "bay.index", {"bay": bay})
    files = picture_files(images)
    places, section = _read(files, index)
    codes = places.codes
    seen = [places.as_json(slot) for slot in section.slots]
    unplaced = [(list(one.others), one.blurred) for one in section.unplaced]
    answer = _ask(config_path, "bay.judge", {"bay": bay, "seen": seen, "unplaced": unplaced})
    answer["unplaced"] = [
        {"file": str(files[one.picture]), "why": why, "bay": shown}
        for one, (why, shown) in zip(section.unplaced, answer["unplaced"], strict=True)
    ]
    if picture is not None:
        _write(picture, slot_codes.prefix(bay), answer, section, codes)
    if as_json:
        click.echo(json.dumps({"bay": slot_codes.prefix(bay), **answer}, ensure_ascii=False, indent=1))
    else:
        _tell(answer)
    if answer["unplaced"] or any(answer["counts"][status] for status in ("misplaced", "missing", "unknown", "unread")):
        sys.exit(NOT_RIGHT)


COMMANDS: tuple[click.Command, ...] = (shelf_read_command,)


def _ask(config_path: Path, verb: str, args: dict[str, Any]) -> dict[str, Any]:
    return done_by(load(config_path), lambda database, _keys: control_verbs(database), verb, args)


def _read(files: list[Path], index: dict[str, Any]) -> tuple[BayIndex, SectionSeen]:
    from edge.vision.bay_requests import BayIndex
    from edge.vision.pictures import pages
    from edge.vision.reader import Reader
    from edge.vision.shelf import read_section

    reader = Reader()
    with quiet_stderr():
        reader.load()
    openers = [partial(lambda file: next(pages(file)), file) for file in files]
    places = BayIndex.of(index)
    if not sys.stderr.isatty():
        return places, read_section(openers, places.labels, places.expected, reader)
    with click.progressbar(length=len(files), label=say(language(), "read.reading"), file=sys.stderr) as bar:
        advance: Callable[[int], None] = lambda done: bar.update(done - bar.pos)  # noqa: E731
        return places, read_section(openers, places.labels, places.expected, reader, advance)


def _write(path: Path, bay: str, answer: dict[str, Any], section: SectionSeen, codes: dict[Place, str]) -> None:
    from PIL import ImageFont

    from edge.paper import typeface
    from edge.vision.shelf_picture import Legend, Mark, drawn

    tongue = language()
    by_slot = {finding["slot"]: finding for finding in answer["findings"]}
    words = {
        status: say(tongue, f"shelf.mark.{status}", count=count) for status, count in answer["counts"].items() if count
    }
    font = ImageFont.truetype(str(typeface.FILE), LEGEND_FONT_PX, typeface.IN_COLLECTION[tongue])
    marks = {place: Mark(by_slot[code]["status"], _short(by_slot[code])) for place, code in codes.items()}
    drawn(marks, section.thumbs, Legend(bay, words, font)).save(path)


def _short(finding: dict[str, Any]) -> str:
    """What fits under a slot: where a misplaced box belongs, else the box's number."""
    if finding["status"] == "misplaced":
        return str(finding["belongs"]) or str(finding["box"]["box_no"])
    return str(finding["box"]["box_no"]) if finding["box"] else ""


def _tell(answer: dict[str, Any]) -> None:
    tongue = language()
    click.echo(say(tongue, "shelf.counts", **answer["counts"]))
    for finding in answer["findings"]:
        if finding["status"] in ("right", "empty") and not finding["why"]:
            continue
        click.echo("  " + told(finding, tongue))
    for one in answer["unplaced"]:
        click.echo("  " + say(tongue, f"shelf.unplaced.{one['why']}", file=one["file"], bay=one["bay"]), err=True)


def told(finding: dict[str, Any], tongue: str) -> str:
    """One slot's finding as a line."""
    box = finding["box"] or finding["expected"] or {"box_no": "—", "fonds_no": ""}
    why = say(tongue, f"shelf.why.{finding['why']}", found_at=finding["found_at"]) if finding["why"] else ""
    said = say(
        tongue,
        f"shelf.status.{finding['status']}",
        slot=finding["slot"],
        box_no=box["box_no"],
        fonds_no=box["fonds_no"],
        belongs=finding["belongs"] or "—",
    )
    return f"{said}（{why}）" if why and tongue != "en" else f"{said} ({why})" if why else said
