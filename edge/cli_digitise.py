"""``storeroom digitise``: scanned files become pages of their items. The running node reads, judges and keeps them."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from edge.cli import CONFIG_OPTION, language, sentence
from edge.cli_options import JSON_OPTION, tell
from edge.cli_people import ask_pin
from edge.cli_read import picture_files
from edge.config import load
from edge.control import SOCKET, Progress, Verb, ask, is_running
from edge.domain.page_gate import DPI, PAPERS_MM, Wanted
from edge.errors import InputRefused, LinkFault
from edge.words import say
from edge.workflows import arrival, digitise
from edge.workflows.keep_pages import Taken

if TYPE_CHECKING:
    from edge.workflows.room import Room

Args = dict[str, Any]
NOT_ALL = 1  # exit code where a file could not be read or a page is not good enough


def control_verbs(room: Room) -> dict[str, Verb]:
    """What the running node answers; each request proves who asks by their PIN."""

    def take(args: Args, _progress: object) -> Args:
        person = room.people.by_pin(args["by"]["id"], args["by"]["pin"])
        path = Path(args["path"])
        try:
            data = path.read_bytes()
        except OSError as error:
            raise InputRefused("picture_not_opened", "check_path", file=path.name, why=error.strerror or "") from error
        item_id = digitise.item_numbered(room, person, args["item"]).id if args["item"] else ""
        wanted = Wanted(args["paper"], args["dpi"])
        taken = digitise.take_file(
            room, person, path.name, data, item_id, wanted, args["despite"], args["handed_sha256"]
        )
        return {**_told(room, path.name, taken), "report": room.pages.report(taken.file_id)}

    def fixity(args: Args, progress: Progress) -> Args:
        person = room.people.by_pin(args["by"]["id"], args["by"]["pin"])
        found = arrival.fixity(room, person, lambda done: progress({"scans": done}))
        return {"scans": found.scans, "changed": list(found.changed)}

    return {"digitise": take, "fixity": fixity}


def _told(room: Room, name: str, taken: Taken) -> Args:
    pages, missing = [], {}
    for page in taken.pages:
        item = room.catalogue.item(page.item_id) if page.item_id else None
        if item is not None:
            missing[item.ref_code] = digitise.missing_pages(room, item) if item.pages else []
        pages.append(
            {
                "file": name,
                "page": page.file_page,
                "id": page.id,
                "state": page.state,
                "item": item.ref_code if item else "",
                "page_no": page.page_no,
                "dpi": page.dpi,
                "turned_deg": page.turned_deg,
                "stamp": asdict(page.stamp),
                "lines": len(room.pages.lines(page)),
                "complaints": [{"code": one.code, "params": one.params} for one in page.complaints],
            }
        )
    return {"pages": pages, "again": taken.again, "missing": missing, "e_file": taken.e_file}


@click.command("digitise")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--by", required=True, help="Id of who does it; the PIN is asked for.")
@click.option("--item", default="", help="Archive number 档号 of the item; else file name and page say it.")
@click.option("--paper", type=click.Choice(tuple(PAPERS_MM)), default="A4", show_default=True)
@click.option("--dpi", type=click.Choice([str(dpi) for dpi in DPI]), default="300", show_default=True)
@click.option("--despite", default="", help="Keep pages that are not good enough, for this reason.")
@click.option(
    "--digests", type=click.Path(path_type=Path, exists=True), help="What was handed over, as sha256sum writes it."
)
@click.option("--report", type=click.Path(path_type=Path, file_okay=False), help="Folder for the four checks' reports.")
@CONFIG_OPTION
@JSON_OPTION
def digitise_command(
    files: tuple[Path, ...],
    by: str,
    item: str,
    paper: str,
    dpi: str,
    despite: str,
    digests: Path | None,
    report: Path | None,
    config_path: Path,
    as_json: bool,
) -> None:
    """Take scans in: JPEG, PNG, BMP, WebP, TIFF (each page), PDF. Squared, judged, read, hooked to their items.

    A folder is taken whole. What cannot be read or is not good enough is named with what to do; the rest goes on,
    and the exit code is then 1.

    Example: storeroom digitise scans/ --item Z109-WS·2011-Y-BGS-0001 --by 0190…
    """
    socket, proof = node_and_proof(config_path, by)
    handed = _handed(digests)
    answers, refused = [], 0
    for file in picture_files(files):
        args = {"by": proof, "path": str(file.absolute()), "item": item, "paper": paper, "dpi": int(dpi)}
        try:
            handed_sha256 = handed.get(file.name, "")
            answer = ask(socket, "digitise", {**args, "despite": despite, "handed_sha256": handed_sha256})
        except InputRefused as error:
            if error.code == "record_unknown":  # the item itself: the same for every file
                raise
            refused += 1
            click.echo(f"storeroom: {sentence(error, language())}", err=True)
            continue
        refused += any(page["state"] == "held" for page in answer["pages"])
        answers.append(answer)
        if report is not None and answer["report"]:
            _write_report(report, file.name, answer["report"])
        if not as_json:
            _show(file.name, answer)
    if as_json:
        click.echo(json.dumps(answers, ensure_ascii=False, indent=1))
    elif answers:
        for ref_code, pages in answers[-1]["missing"].items():
            if pages:
                click.echo(say(language(), "digitise.missing", ref_code=ref_code, pages=", ".join(map(str, pages))))
    if refused:
        sys.exit(NOT_ALL)


@click.command("fixity")
@click.option("--by", required=True, help="Id of who does it; the PIN is asked for.")
@CONFIG_OPTION
@JSON_OPTION
def fixity_command(by: str, config_path: Path, as_json: bool) -> None:
    """Compare every original and page with the digest it was kept under; an event either way.

    Example: storeroom fixity --by 0190…
    """
    socket, proof = node_and_proof(config_path, by)
    answer = ask(socket, "fixity", {"by": proof})
    if as_json:
        click.echo(json.dumps(answer))
    else:
        msgid = "digitise.fixity_bad" if answer["changed"] else "digitise.fixity"
        click.echo(say(language(), msgid, scans=answer["scans"], changed=", ".join(answer["changed"])))
    if answer["changed"]:
        sys.exit(NOT_ALL)


COMMANDS: tuple[click.Command, ...] = (digitise_command, fixity_command)


def node_and_proof(config_path: Path, by: str) -> tuple[Path, Args]:
    """LinkFault ``node_needed``: pages are read by the node's own vision process."""
    socket = load(config_path).node.run_dir / SOCKET
    if not is_running(socket):
        raise LinkFault("node_needed", "start_the_node")
    return socket, {"id": by, "pin": ask_pin(tell("ask_pin", id=by))}


def _handed(digests: Path | None) -> dict[str, str]:
    """File name → SHA-256, from lines of ``sha256sum``."""
    lines = digests.read_text("utf-8").splitlines() if digests else []
    pairs = (line.split(maxsplit=1) for line in lines if line.strip())
    return {Path(pair[1].lstrip("*")).name: pair[0] for pair in pairs if len(pair) == 2}


def _write_report(folder: Path, name: str, report: Args) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", "utf-8")
    (folder / f"{name}.txt").write_text(arrival.in_words(report, name, language()), "utf-8")


def _show(name: str, answer: Args) -> None:
    tongue = language()
    if answer["again"]:
        click.echo(say(tongue, "digitise.again", file=name))
        return
    if answer["e_file"]:
        click.echo(say(tongue, "digitise.e_file", file=name, name=answer["e_file"]))
    for page in answer["pages"]:
        about = {"file": name, "page": page["page"]}
        if said := [f"{say(tongue, f'stamp.{name}')} {value}" for name, value in page["stamp"].items() if value]:
            click.echo(say(tongue, "digitise.stamp", stamp="，".join(said), **about))
        if page["turned_deg"]:
            click.echo(say(tongue, "digitise.turned", degrees=page["turned_deg"], **about))
        if page["state"] == "hooked":
            number, lines = page["page_no"], page["lines"]
            click.echo(say(tongue, "digitise.hooked", ref_code=page["item"], number=number, lines=lines, **about))
        elif page["state"] == "loose":
            click.echo(say(tongue, "digitise.loose", **about))
        for one in page["complaints"] if page["state"] == "held" else ():
            what = say(tongue, f"page_complaint.{one['code']}", **one["params"])
            remedy = say(tongue, f"page_remedy.{one['code']}", **one["params"])
            click.echo(say(tongue, "digitise.held", what=what, remedy=remedy, **about), err=True)
    if answer["report"]:
        overall = {of: say(tongue, f"four_checks.verdict.{one}") for of, one in answer["report"]["overall"].items()}
        click.echo(say(tongue, "digitise.four", file=name, **overall))
