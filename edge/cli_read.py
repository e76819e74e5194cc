"""``storeroom read``: the writing in picture files, and what of it names something in an archive."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from edge.cli import language, sentence
from edge.cli_options import JSON_OPTION
from edge.domain import labels, printed
from edge.errors import InputRefused
from edge.words import say

if TYPE_CHECKING:  # imported where it is used: the other verbs need not wait for it
    from edge.vision.reader import Reader

REFUSED = 1  # exit code where any of the pictures could not be read


@click.command("read")
@click.argument("images", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--thorough", is_flag=True, help="Ask the larger network about every line: names, Traditional text.")
@JSON_OPTION
def read_command(images: tuple[Path, ...], thorough: bool, as_json: bool) -> None:
    """Read pictures: every line with its place, and the archive numbers, boxes, slots and codes among them.

    A folder is read whole. A picture that cannot be read is named and the rest goes on; the exit code is then 1.

    Example: storeroom read scans/ --json
    """
    from edge.vision.pictures import pages
    from edge.vision.reader import Reader

    files = picture_files(images)
    reader = Reader()
    with quiet_stderr():
        reader.load()  # also tells at once where a network is missing
    refused = 0
    shown = 0
    with _bar(files) as progress:
        for file in progress:
            try:
                for number, picture in enumerate(pages(file), 1):
                    page = {"file": str(file), "page": number, **_read(reader, picture, thorough)}
                    _make_way(progress)
                    _show(page, shown, as_json)
                    shown += 1
            except InputRefused as error:
                refused += 1
                _make_way(progress)
                click.echo(f"storeroom: {sentence(error, language())}", err=True)
    if as_json:
        click.echo("]" if shown else "[]")
    if refused:
        sys.exit(REFUSED)


COMMANDS: tuple[click.Command, ...] = (read_command,)


def picture_files(images: tuple[Path, ...]) -> list[Path]:
    """Files as named; of folders, at any depth, those that look like pictures, in the order of their names."""
    from edge.vision.pictures import SUFFIXES

    files: list[Path] = []
    for path in images:
        if path.is_dir():
            within = sorted(file for file in path.rglob("*") if file.suffix.lower() in SUFFIXES and file.is_file())
            if not within:
                raise click.UsageError(say(language(), "read.no_pictures", where=path))
            files += within
        else:
            files.append(path)
    return files


def _read(reader: Reader, picture: Any, thorough: bool) -> dict[str, Any]:
    from edge.vision.codes import codes_in
    from edge.vision.lie import lie

    regions = reader.read(picture, thorough=thorough)
    codes = codes_in(picture)
    found = printed.named([region.text for region in regions])
    return {
        "width": picture.width,
        "height": picture.height,
        "turned_deg": lie(regions, partial(reader.stood_up, picture)),
        "regions": [asdict(region) for region in regions],
        "codes": codes,
        "archive_numbers": [asdict(number) for number in found.archive_numbers],
        "boxes": list(found.boxes),
        "slots": list(found.slots),
        "labels": list(dict.fromkeys([*found.labels, *_our_labels(codes)])),
    }


def _our_labels(codes: list[dict[str, Any]]) -> Iterator[str]:
    for code in codes:
        try:
            yield labels.parse(code["text"]).text
        except InputRefused:
            continue


def _show(page: dict[str, Any], before: int, as_json: bool) -> None:
    if as_json:
        click.echo(("," if before else "[") + json.dumps(page, ensure_ascii=False))
        return
    tongue = language()
    click.echo(page["file"] if page["page"] == 1 else say(tongue, "read.page", file=page["file"], page=page["page"]))
    if page["turned_deg"]:
        click.echo(f"  {say(tongue, 'read.turned', degrees=page['turned_deg'])}")
    for region in page["regions"]:
        corners = " ".join(f"{x},{y}" for x, y in region["quad"])
        click.echo(f"  {region['confidence']:.2f}  {region['text']}\t[{corners}]")
    if not page["regions"]:
        click.echo(f"  {say(tongue, 'read.nothing')}")
    numbers = [
        say(tongue, "read.mended", number=number["written"]) if number["mended"] else number["written"]
        for number in page["archive_numbers"]
    ]
    others = [code["text"] for code in page["codes"] if code["text"] not in page["labels"]]
    for msgid, found in (
        ("read.numbers", numbers),
        ("read.boxes", page["boxes"]),
        ("read.slots", page["slots"]),
        ("read.labels", page["labels"]),
        ("read.codes", others),
    ):
        if found:
            click.echo(f"  {say(tongue, msgid, found=', '.join(found))}")


@contextmanager
def _bar(files: list[Path]) -> Iterator[Any]:
    """A progress bar on stderr where a person watches more than one file; what is read stands above it."""
    if len(files) < 2 or not sys.stderr.isatty():
        yield files
        return
    with click.progressbar(files, label=say(language(), "read.reading"), file=sys.stderr, show_pos=True) as bar:
        yield bar


def _make_way(progress: Any) -> None:
    """Clear the bar's line for what is told next; the bar draws itself again below."""
    if not isinstance(progress, list):
        click.echo("\r\033[K", nl=False, err=True)


@contextmanager
def quiet_stderr() -> Iterator[None]:
    """The runtime greets on stderr when its first network is loaded; that line is no answer to anybody."""
    sys.stderr.flush()
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
