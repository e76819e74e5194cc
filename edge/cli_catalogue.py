"""``storeroom import`` and ``search``: through the running node when there is one, else on the locked store."""

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
from edge.cli_options import tell
from edge.cli_people import ask_pin
from edge.config import Config, load
from edge.control import Progress, Verb
from edge.domain import access, search_query
from edge.domain.block import Layout
from edge.domain.records import SECRECY, Hit
from edge.domain.search_query import ORDERS, STATES, Filters
from edge.store.database import NODE, Database
from edge.store.imports import Imports
from edge.store.people import People
from edge.store.search import Search
from edge.words import say
from edge.workflows import find, ingest

if TYPE_CHECKING:
    from edge.workflows.room import Room

SHOWN = 20  # rows told to a person; --json has up to ingest.SHOWN_ROWS
CLEARANCE = "internal"  # of whoever holds a terminal: secret items are for people who have identified themselves

_Answer = TypeVar("_Answer")


def control_verbs(room: Room) -> dict[str, Verb]:
    """What the running node answers at its control socket for this file's commands."""
    return _verbs(room.database, room.layout, room.people)


def _verbs(database: Database, layout: Layout, people: People) -> dict[str, Verb]:
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

    def search(args: dict[str, Any], _progress: Progress) -> dict[str, Any]:
        filters, by = Filters(**args["filters"]), args["by"]
        person = people.by_pin(by["id"], by["pin"]) if by else None
        if person:
            access.require(person.roles, "search")
        clearance = access.clearance(person.roles) if person else CLEARANCE
        hits = Search(database).find(
            args["query"], clearance=clearance, limit=args["limit"], filters=filters, order=args["order"]
        )
        if person:
            find.note_secret(database, person, hits)
        return {"hits": [_as_json(hit) for hit in hits]}

    return {
        "import": import_file,
        "import.discard": discard,
        "import.undo": undo,
        "import.recent": recent,
        "import.rows": rows,
        "import.place": place,
        "search": search,
    }


def _node(config: Config) -> AbstractContextManager[Ask]:
    return node_or_store(config, lambda database, keys: _verbs(database, config.block, People(database, keys.site)))


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


@click.command("search")
@click.argument("query", default="")
@CONFIG_OPTION
@click.option("--fonds", default="", help="Fonds number 全宗号.")
@click.option("--year", "years", default="", metavar="YEAR[-YEAR]", help="2011, or 2011-2015.")
@click.option("--category", default="", help="Category code 类别号: WS, KJ, KH …")
@click.option("--retention", default="", help="Retention code 保管期限: Y, D30, D10 …")
@click.option("--level", default="", type=click.Choice(["", *SECRECY]), help="Secrecy level 密级.")
@click.option("--place", default="", help="Beginning of a slot code 储位号: B1-A-03-R.")
@click.option("--state", default="", type=click.Choice(["", *STATES]), help="Where the record is.")
@click.option("--order", default="newest", type=click.Choice(ORDERS), show_default=True)
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True)
@click.option("--by", default="", help="Id of who searches, for more than what is internal; the PIN is asked for.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def search_command(
    query: str,
    config_path: Path,
    fonds: str,
    years: str,
    category: str,
    retention: str,
    level: str,
    place: str,
    state: str,
    order: str,
    limit: int,
    by: str,
    as_json: bool,
) -> None:
    """Find items, volumes and boxes by words, "phrases", archive or box number, slot, label, pinyin or its initials.

    Where nothing is found, one wrong character is forgiven. Without QUERY: all that passes the filters.

    Example: storeroom search 会计凭证 --year 2011-2015 --retention D30 --order number
    """
    first, last = search_query.years(years)
    filters = Filters(fonds, first, last, category, retention, level, place, state)
    proof = {"id": by, "pin": ask_pin(tell("ask_pin", id=by))} if by else None
    asked = {"query": query, "limit": limit, "filters": asdict(filters), "order": order, "by": proof}
    with _node(load(config_path)) as node:
        hits = node("search", asked, quiet)["hits"]
    if as_json:
        click.echo(json.dumps(hits, ensure_ascii=False, indent=1))
        return
    tongue = language()
    for hit in hits:
        title = hit["title"] or say(tongue, "search.box_title", **hit)
        if hit["kind"] == "volume":
            title = say(tongue, "search.volume_title", title=title)
        click.echo("\t".join((hit["ref_code"] or hit["fonds_no"], title, _where(hit), _why(hit))))
    if not hits:
        click.echo(say(tongue, "search.nothing"), err=True)
    click.echo(say(tongue, "search.rights_may_limit"), err=True)


COMMANDS: tuple[click.Command, ...] = (import_command, search_command)


def _where(hit: dict[str, Any]) -> str:
    """Which box it is in, where that belongs, and whether it is in."""
    if not hit["box_no"]:
        return say(language(), "search.no_box")
    if not hit["home_slot"]:
        which = "box_unplaced"
    elif not hit["standing"]:
        which = "box_out"
    else:
        which = f"{hit['kind']}_out" if hit["kind"] != "box" and hit["state"] == "out" else "box"
    return say(language(), f"search.{which}", **hit)


def _why(hit: dict[str, Any]) -> str:
    """Why it was found, and with what, where title and number do not show it: a piece of the field, marked 【】."""
    why = say(language(), f"search.why.{hit['why']}")
    fields = {mark["field"] for mark in hit["marks"]}
    if not fields or fields & {"title", "ref_code", "box_no"}:
        return why
    mark = hit["marks"][0]
    text = mark["text"]
    for start, end in reversed(mark["ranges"]):
        text = f"{text[:start]}【{text[start:end]}】{text[end:]}"
    page = say(language(), "search.page", page=mark["page"]) + " " if mark["page"] else ""
    if mark["field"] == "scope":
        page = say(language(), "field.scope") + " "
    return f"{why}: {page}{text}"


def _as_json(hit: Hit) -> dict[str, Any]:
    item, box, record = hit.item, hit.box, hit.item or hit.volume
    return {
        "kind": "item" if item else ("volume" if hit.volume else "box"),
        "why": hit.why,
        "marks": [asdict(mark) for mark in hit.marks],
        "item": item.id if item else "",
        "volume": hit.volume.id if hit.volume else "",
        "ref_code": record.ref_code if record else "",
        "title": record.title if record else (box.title if box else ""),
        "date": item.date if item else "",
        "state": record.state if record else (box.state if box else ""),
        "box": box.id if box else "",
        "box_no": box.box_no if box else "",
        "fonds_no": item.fonds_no if item else (box.fonds_no if box else ""),
        "slot": (box.slot or box.home_slot or "—") if box else "",
        "home_slot": (box.home_slot or "") if box else "",
        "standing": bool(box and box.slot),
    }


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
    if answer["ignored_headings"]:
        click.echo("  " + say(tongue, "import.ignored", headings=", ".join(answer["ignored_headings"])))
