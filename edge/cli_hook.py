"""``storeroom hook`` and ``storeroom hooked``: scans in folders become pages of their items, and the report of it."""

from __future__ import annotations

import csv
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from edge.cli import CONFIG_OPTION, language
from edge.cli_digitise import NOT_ALL, node_and_proof
from edge.cli_options import JSON_OPTION, as_json_text
from edge.clock import iso_utc
from edge.control import Progress, Verb, ask
from edge.domain.page_gate import DPI, PAPERS_MM, Wanted
from edge.store.formats.formula_guard import guard
from edge.store.hookings import Hookings
from edge.words import say
from edge.workflows import hook_scans
from edge.workflows.hook_folder import hook_folder

if TYPE_CHECKING:
    from edge.workflows.room import Room

Args = dict[str, Any]
SHOWN_LINES = 200  # on a terminal; the report holds all
BY_OPTION = click.option("--by", required=True, help="Id of who does it; the PIN is asked for.")


def control_verbs(room: Room) -> dict[str, Verb]:
    """What the running node answers; each request proves who asks by their PIN."""

    def hook(args: Args, progress: Progress) -> Args:
        person = room.people.by_pin(args["by"]["id"], args["by"]["pin"])
        wanted = Wanted(args["paper"], args["dpi"])
        done = hook_folder(room, person, Path(args["folder"]), wanted, dry_run=args["dry_run"], progress=progress)
        if args["dry_run"]:
            return {"run": "", "ignored": done.ignored, "files": [asdict(one) for one in done.plan]}
        return {"run": done.run_id, "ignored": done.ignored, "files": _files(room, done.run_id)}

    def report(args: Args, _progress: Progress) -> Args:
        person = room.people.by_pin(args["by"]["id"], args["by"]["pin"])
        if args["list"]:
            return {"runs": [asdict(one) for one in hook_scans.runs(room, person)]}
        run = Hookings(room.database).run(args["run"])
        if args["path"]:
            hook_scans.settle(room, person, run.id, args["path"], args["reason"], args["replacing"])
            run = Hookings(room.database).run(run.id)
        return {"run": asdict(run), "files": _files(room, run.id)}

    return {"hook": hook, "hooked": report}


@click.command("hook")
@click.argument("folder", type=click.Path(path_type=Path))
@BY_OPTION
@click.option("--dry-run", is_flag=True, help="Say what would become of each file; keep nothing.")
@click.option("--report", type=click.Path(path_type=Path, dir_okay=False), help="CSV to write: every file, and why.")
@click.option("--paper", type=click.Choice(tuple(PAPERS_MM)), default="A4", show_default=True)
@click.option("--dpi", type=click.Choice([str(dpi) for dpi in DPI]), default="300", show_default=True)
@CONFIG_OPTION
@JSON_OPTION
def hook_command(
    folder: Path,
    by: str,
    dry_run: bool,
    report: Path | None,
    paper: str,
    dpi: str,
    config_path: Path,
    as_json: bool,
) -> None:
    """Hook the scans of a folder 挂接 to their items, by file name and folders, neither believed alone.

    Z109-WS·2011-Y-BGS-0001.pdf, …-0001-003.jpg or a folder of that name with 003.jpg. What is in doubt is kept and
    waits for a person (storeroom hooked); what cannot be taken is named with its reason; the exit code is then 1. Cut
    off, the same command goes on. A SHA256SUMS file beside the scans is checked.

    Example: storeroom hook 全文挂接/ --dry-run --by 0190…
    """
    socket, proof = node_and_proof(config_path, by)
    args = {"by": proof, "folder": str(folder.absolute()), "dry_run": dry_run, "paper": paper, "dpi": int(dpi)}
    if as_json:
        answer = ask(socket, "hook", args)
        click.echo(as_json_text(answer))
    else:
        answer = _with_bar(socket, args)
        _tell(answer["files"], answer["ignored"])
    if report is not None:
        write_report(report, answer["files"])
    if any(_state(one) in ("unsure", "refused") for one in answer["files"]):
        sys.exit(NOT_ALL)


@click.command("hooked")
@click.argument("run", default="")
@BY_OPTION
@click.option("--list", "list_runs", is_flag=True, help="The folders hooked so far, newest first.")
@click.option("--settle", "path", default="", metavar="PATH", help="Hook this doubtful file all the same.")
@click.option("--reason", default="", help="Why; kept for ever.")
@click.option("--replacing", is_flag=True, help="Pages that stand there give way.")
@click.option("--report", type=click.Path(path_type=Path, dir_okay=False), help="CSV to write: every file, and why.")
@CONFIG_OPTION
@JSON_OPTION
def hooked_command(
    run: str,
    by: str,
    list_runs: bool,
    path: str,
    reason: str,
    replacing: bool,
    report: Path | None,
    config_path: Path,
    as_json: bool,
) -> None:
    """What became of each file of the last hooking (or of RUN), and settling a doubtful one.

    Example: storeroom hooked --settle Y/Z109-WS·2011-D10-BGS-0001.pdf --reason 文件夹放错 --by 0190…
    """
    socket, proof = node_and_proof(config_path, by)
    args = {"by": proof, "run": run, "path": path, "reason": reason, "replacing": replacing, "list": list_runs}
    answer = ask(socket, "hooked", args)
    if list_runs:
        _tell_runs(answer, as_json)
        return
    if report is not None:
        write_report(report, answer["files"])
    if as_json:
        click.echo(as_json_text(answer))
        return
    click.echo(_run_line(answer["run"]))
    _tell(answer["files"], 0)


COMMANDS: tuple[click.Command, ...] = (hook_command, hooked_command)


def _tell_runs(answer: Args, as_json: bool) -> None:
    if as_json:
        click.echo(as_json_text(answer))
        return
    tongue = language()
    for run in answer["runs"]:
        click.echo(_run_line(run))
        counted = [(say(tongue, f"hook.state.{state}"), count) for state, count in run["counts"].items() if count]
        click.echo("  " + "  ".join(f"{state} {count}" for state, count in counted))


def _run_line(run: Args) -> str:
    msgid = "hook.run_ended" if run["ended_ms"] else "hook.run_cut_off"
    return say(language(), msgid, folder=run["root"], when=iso_utc(run["begun_ms"]), run=run["id"])


def write_report(path: Path, files: list[Args]) -> None:
    """UTF-8 with a mark, so that spreadsheet programs read it; cells they would run are made harmless."""
    tongue = language()
    names = ("state", "path", "number", "page", "pages", "why", "sha256", "settled")
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow([say(tongue, f"hook.heading.{name}") for name in names])
        for one in files:
            state = say(tongue, f"hook.state.{_state(one)}")
            row = (
                state,
                one["path"],
                one["ref_code"],
                one["page"] or "",
                one.get("pages") or "",
                _why(one),
            )
            sheet.writerow([guard(str(cell)) for cell in (*row, one["sha256"], one.get("settled_why", ""))])


def _files(room: Room, run_id: str) -> list[Args]:
    found = Hookings(room.database).files(run_id)
    items = {one.item_id: room.catalogue.item(one.item_id) for one in found if one.item_id}
    return [{**asdict(one), "ref_code": item.ref_code if (item := items.get(one.item_id)) else ""} for one in found]


def _why(one: Args) -> str:
    return hook_scans.why(one["code"], one["params"], language())


def _state(one: Args) -> str:
    """A dry run's plan and a run's report in the same words."""
    return "planned" if one["state"] == "hook" else str(one["state"])


def _tell(files: list[Args], ignored: int) -> None:
    tongue = language()
    states = [_state(one) for one in files]
    open_lines = [one for one in files if _state(one) in ("unsure", "refused")]
    for one in open_lines[:SHOWN_LINES]:
        about = {
            "state": say(tongue, f"hook.state.{_state(one)}"),
            "path": one["path"],
            "why": _why(one),
        }
        click.echo(say(tongue, "hook.line", **about))
    if len(open_lines) > SHOWN_LINES:
        click.echo(say(tongue, "hook.more", count=len(open_lines) - SHOWN_LINES))
    for state in dict.fromkeys(states):
        click.echo(say(tongue, "hook.count", state=say(tongue, f"hook.state.{state}"), count=states.count(state)))
    if ignored:
        click.echo(say(tongue, "hook.ignored", count=ignored))


def _with_bar(socket: Path, args: Args) -> Args:
    """On a terminal the progress is seen while it runs."""

    def progress(said: Args) -> None:
        if sys.stderr.isatty():
            click.echo("\r" + say(language(), f"hook.doing.{said['doing']}", **said) + " ", err=True, nl=False)

    answer = ask(socket, "hook", args, progress)
    if sys.stderr.isatty():
        click.echo("", err=True)
    return answer
