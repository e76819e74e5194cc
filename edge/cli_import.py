"""``storeroom import``: through the running node when there is one, else on the locked store."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from edge.cli import CONFIG_OPTION, language
from edge.cli_node import Ask, node_or_store, quiet
from edge.config import Config, load
from edge.control import Progress, Verb
from edge.domain.block import Layout
from edge.store.database import NODE, Database
from edge.store.imports import Imports
from edge.words import say
from edge.workflows import ingest

if TYPE_CHECKING:
    from edge.workflows.room import Room

SHOWN = 20  # rows told to a person; --json has up to ingest.SHOWN_ROWS

_Answer = TypeVar("_Answer")


def control_verbs(room: Room) -> dict[str, Verb]:
    """What the running node answers at its control socket for ``import``."""
    return _verbs(room.database, room.layout)


def _verbs(database: Database, layout: Layout) -> dict[str, Verb]:
    def import_file(args: dict[str, Any], progress: Progress) -> dict[str, Any]:
        ingest.ready_slots(database, layout, NODE)
        return ingest.ingest(
            database,
            Path(args["path"]),
            actor=NODE,
            fonds_no=args["fonds"],
            dry_run=args["dry_run"],
            progress=progress,
        )

    def discard(_args: dict[str, Any], progress: Progress) -> dict[str, Any]:
        return ingest.discard(database, actor=NODE, progress=progress)

    def undo(args: dict[str, Any], progress: Progress) -> dict[str, Any]:
        return ingest.undo(database, args["import"], actor=NODE, progress=progress)

    def recent(_args: dict[str, Any], _progress: Progress) -> dict[str, Any]:
        return {"imports": [asdict(one) for one in Imports(database).recent()]}

    def rows(args: dict[str, Any], _progress: Progress) -> dict[str, Any]:
        return {"rows": [asdict(row) for row in Imports(database).verdicts(args["import"], after_row=args["after"])]}

    def place(_args: dict[str, Any], _progress: Progress) -> dict[str, Any]:
        ingest.ready_slots(database, layout, NODE)
        return dict(ingest.place(database, layout, NODE))

    return {
        "import": import_file,
        "import.discard": discard,
        "import.undo": undo,
        "import.recent": recent,
        "import.rows": rows,
        "import.place": place,
    }


def _node(config: Config) -> AbstractContextManager[Ask]:
    return node_or_store(config, lambda database, _keys: _verbs(database, config.block))


@click.command("import")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@CONFIG_OPTION
@click.option("--dry-run", is_flag=True, help="Judge every row and write nothing.")
@click.option("--fonds", default="", help="Fonds number 全宗号 for lists that name none.")
@click.option(
    "--place", is_flag=True, help="Afterwards give boxes without a place the free slots of the block, in order."
)
@click.option("--discard", is_flag=True, help="Take back the unfinished import instead.")
@click.option("--undo", default="", metavar="ID", help="Take a whole finished import back, if nothing depends on it.")
@click.option("--rows", default="", metavar="ID", help="Every row of an import that was not simply taken, and why.")
@click.option("--list", "listed", is_flag=True, help="The imports so far, newest first, with their ids.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def import_command(
    files: tuple[Path, ...],
    config_path: Path,
    dry_run: bool,
    fonds: str,
    place: bool,
    discard: bool,
    undo: str,
    rows: str,
    listed: bool,
    as_json: bool,
) -> None:
    """Take catalogues in: EAD 2002 XML, CSV or XLSX. Nothing shows before a file is completely in.

    An import that was cut off is finished by importing the same file again.

    Example: storeroom import 归档文件目录.xlsx --dry-run
    """
    if not files and not (place or discard or undo or rows or listed):
        raise click.UsageError("which file? Example: storeroom import catalogue.xlsx --dry-run")
    answers: list[dict[str, Any]] = []
    with _node(load(config_path)) as node:
        if discard:
            answers.append(_with_bar("import.discard", lambda progress: node("import.discard", {}, progress)))
        if undo:
            answers.append(_with_bar("import.undo", lambda progress: node("import.undo", {"import": undo}, progress)))
            if not as_json:
                click.echo(say(language(), "import.taken_back", **answers[-1]))
        if rows:
            told: list[dict[str, Any]] = []
            while some := _rows_after(node, rows, told[-1]["row"] if told else 0):
                told += some
            answers.append({"not_plain": told})
            if not as_json:
                _tell_rows(told)
        if listed:
            answers.append(node("import.recent", {}, quiet))
            if not as_json:
                _tell_recent(answers[-1]["imports"])
        for file in files:
            args = {"path": str(file.absolute()), "dry_run": dry_run, "fonds": fonds}
            answers.append(_with_bar(file.name, lambda progress, args=args: node("import", args, progress)))  # type: ignore[misc]  # default binds the loop's value
            if not as_json:
                _tell(answers[-1])
        if place and not dry_run:
            answers.append(node("import.place", {}, quiet))
            if not as_json:
                click.echo(say(language(), "import.placed", **answers[-1]))
    if as_json:
        click.echo(json.dumps(answers, ensure_ascii=False, indent=1))
    if any(answer.get("rows") and not answer["taken"] + answer["mended"] for answer in answers):
        sys.exit(2)


COMMANDS: tuple[click.Command, ...] = (import_command,)


def _with_bar(name: str, work: Callable[[Progress], _Answer]) -> _Answer:
    """Do ``work`` under a progress bar on stderr where a person watches."""
    if not sys.stderr.isatty():
        return work(quiet)
    with click.progressbar(length=1, label=name, file=sys.stderr) as bar:

        def progress(said: dict[str, Any]) -> None:
            bar.length = said["total"] or said["rows"] + 1
            bar.update(max(0, said["rows"] - bar.pos))

        answer = work(progress)
        bar.update(max(0, (bar.length or 1) - bar.pos))
    return answer


def _tell_recent(imports: list[dict[str, Any]]) -> None:
    for one in imports:
        state = "undoing" if one["state"] == "pending" and one["undone_utc_ms"] else one["state"]
        state = "undone" if one["state"] == "discarded" and one["undone_utc_ms"] else state
        words = {**one, "state": say(language(), f"import.state.{state}")}
        click.echo(say(language(), "import.listed", **words))


def _rows_after(node: Callable[..., dict[str, Any]], import_id: str, after: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = node("import.rows", {"import": import_id, "after": after}, quiet)["rows"]
    return found


def _tell_rows(rows: list[dict[str, Any]]) -> None:
    tongue = language()
    for row in rows:
        notes = "; ".join(say(tongue, f"note.{code}", **params) for code, params in row["notes"])
        verdict = say(tongue, f"import.verdict.{row['verdict']}")
        click.echo("  " + say(tongue, "import.row", place=row["place"], verdict=verdict, notes=notes))


def _tell(answer: dict[str, Any]) -> None:
    tongue = language()
    click.echo(say(tongue, f"import.{answer['state']}", **answer))
    _tell_rows(answer["not_plain"][:SHOWN])
    more = len(answer["not_plain"]) - SHOWN
    if more > 0:
        click.echo("  " + say(tongue, "import.more_rows", more=more))
    if answer["state"] == "dry_run" and answer["headings"]:
        pairs = [f"{heading} → {ingest.field_name(field, tongue)}" for heading, field in answer["headings"]]
        click.echo("  " + say(tongue, "import.read_as", pairs=", ".join(pairs)))
    if answer["columns_beyond"]:
        click.echo("  " + say(tongue, "panel.imports.beyond", count=answer["columns_beyond"]))
    if answer["ignored_headings"]:
        click.echo("  " + say(tongue, "import.ignored", headings=", ".join(answer["ignored_headings"])))
