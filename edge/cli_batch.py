"""``storeroom batch``: digitisation batches, their registers out and in, and their steps. Asks the running node."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from edge.cli import CONFIG_OPTION, language
from edge.cli_batch_ledger import ledger_command, ledger_verb
from edge.cli_digitise import node_and_proof
from edge.cli_options import JSON_OPTION
from edge.control import Verb, ask
from edge.domain.batches import STEPS
from edge.domain.people import Person
from edge.words import say
from edge.workflows import close_batch, digitise, digitise_batch

if TYPE_CHECKING:
    from edge.workflows.room import Room

Args = dict[str, Any]
BY_OPTION = click.option("--by", required=True, help="Id of who does it; the PIN is asked for.")


def control_verbs(room: Room) -> dict[str, Verb]:
    """What the running node answers; each request proves who asks by their PIN."""

    def person(args: Args) -> Person:
        return room.people.by_pin(args["by"]["id"], args["by"]["pin"])

    def item(args: Args) -> str:
        return digitise.item_numbered(room, person(args), args["item"]).id

    def opened(args: Args, _progress: object) -> Args:
        return asdict(digitise_batch.open_batch(room, person(args), args["name"], args["contractor"]))

    def out(args: Args, _progress: object) -> Args:
        digitise_batch.send(room, person(args), args["name"], item(args), args["pages"])
        return show(args, _progress)

    def back(args: Args, _progress: object) -> Args:
        digitise_batch.take_back(
            room, person(args), args["name"], item(args), args["pages"], args["bound"], args["note"]
        )
        return show(args, _progress)

    def step(args: Args, _progress: object) -> Args:
        digitise_batch.record_step(
            room,
            person(args),
            args["name"],
            args["step"],
            args["worker"],
            args["count"],
            args["defects"],
            args["note"],
        )
        return show(args, _progress)

    def close(args: Args, _progress: object) -> Args:
        close_batch.close(room, person(args), args["name"], args["despite"])
        return show(args, _progress)

    def show(args: Args, _progress: object) -> Args:
        return digitise_batch.told(room, digitise_batch.register(room, person(args), args["name"]))

    verbs: dict[str, Verb] = {"open": opened, "out": out, "in": back, "step": step, "close": close, "show": show}
    verbs["ledger"] = ledger_verb(room)
    return {f"batch.{name}": verb for name, verb in verbs.items()}


@click.group("batch")
def batch_group() -> None:
    """Digitisation batches: items out, each step checked by somebody else, items back, closed when nothing is open.

    Example: storeroom batch open 2026-01 --contractor 某某公司 --by 0190…
    """


@batch_group.command("open")
@click.argument("name")
@click.option("--contractor", default="", help="Who does it; nobody: the room's own people.")
@BY_OPTION
@CONFIG_OPTION
def open_command(name: str, contractor: str, by: str, config_path: Path) -> None:
    """Begin a batch.

    Example: storeroom batch open 2026-01 --by 0190…
    """
    socket, proof = node_and_proof(config_path, by)
    opened = ask(socket, "batch.open", {"by": proof, "name": name, "contractor": contractor})
    click.echo(say(language(), "batch.opened", name=opened["name"]))


@batch_group.command("out")
@click.argument("name")
@click.argument("item")
@click.option("--pages", required=True, type=click.IntRange(1), help="As counted at the hand-over.")
@BY_OPTION
@CONFIG_OPTION
@JSON_OPTION
def out_command(name: str, item: str, pages: int, by: str, config_path: Path, as_json: bool) -> None:
    """An item leaves with the batch.

    Example: storeroom batch out 2026-01 Z109-WS·2011-Y-BGS-0001 --pages 12 --by 0190…
    """
    socket, proof = node_and_proof(config_path, by)
    _show(ask(socket, "batch.out", {"by": proof, "name": name, "item": item, "pages": pages}), as_json)


@batch_group.command("in")
@click.argument("name")
@click.argument("item")
@click.option("--pages", required=True, type=click.IntRange(0), help="As counted at its return.")
@click.option("--bound/--not-bound", default=False, help="Whether the binding is restored.")
@click.option("--note", default="", help="What happened, where anything differs.")
@BY_OPTION
@CONFIG_OPTION
@JSON_OPTION
def in_command(
    name: str, item: str, pages: int, bound: bool, note: str, by: str, config_path: Path, as_json: bool
) -> None:
    """An item comes back: pages complete, binding restored?

    Example: storeroom batch in 2026-01 Z109-WS·2011-Y-BGS-0001 --pages 12 --bound --by 0190…
    """
    socket, proof = node_and_proof(config_path, by)
    args = {"by": proof, "name": name, "item": item, "pages": pages, "bound": bound, "note": note}
    _show(ask(socket, "batch.in", args), as_json)


@batch_group.command("step")
@click.argument("name")
@click.argument("step", type=click.Choice(STEPS))
@click.option("--worker", required=True, help="Name of who did the step; whoever signs with --by checked it.")
@click.option("--count", required=True, type=click.IntRange(1), help="How many were looked at.")
@click.option("--defects", default=0, type=click.IntRange(0), show_default=True, help="More than 0: done again.")
@click.option("--note", default="")
@BY_OPTION
@CONFIG_OPTION
@JSON_OPTION
def step_command(
    name: str,
    step: str,
    worker: str,
    count: int,
    defects: int,
    note: str,
    by: str,
    config_path: Path,
    as_json: bool,
) -> None:
    """Record one round of a step 拆卷 扫描 图像处理 著录 质检 挂接 装订还原 and what its check found.

    Example: storeroom batch step 2026-01 scan --worker 王芳 --count 240 --defects 3 --note 歪斜 --by 0190…
    """
    socket, proof = node_and_proof(config_path, by)
    args = {"by": proof, "name": name, "step": step, "worker": worker, "count": count}
    _show(ask(socket, "batch.step", {**args, "defects": defects, "note": note}), as_json)


@batch_group.command("close")
@click.argument("name")
@click.option("--despite", default="", metavar="WHY", help="Why it ends although pages are not digitised.")
@BY_OPTION
@CONFIG_OPTION
@JSON_OPTION
def close_command(name: str, despite: str, by: str, config_path: Path, as_json: bool) -> None:
    """End a batch: every step passed, every item back, what differs explained, every page digitised.

    Example: storeroom batch close 2026-01 --by 0190…
    """
    socket, proof = node_and_proof(config_path, by)
    _show(ask(socket, "batch.close", {"by": proof, "name": name, "despite": despite}), as_json)


@batch_group.command("show")
@click.argument("name")
@BY_OPTION
@CONFIG_OPTION
@JSON_OPTION
def show_command(name: str, by: str, config_path: Path, as_json: bool) -> None:
    """Both registers and every round of every step.

    Example: storeroom batch show 2026-01 --by 0190…
    """
    socket, proof = node_and_proof(config_path, by)
    _show(ask(socket, "batch.show", {"by": proof, "name": name}), as_json)


batch_group.add_command(ledger_command)
COMMANDS: tuple[click.Command, ...] = (batch_group,)


def _show(said: Args, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(said, ensure_ascii=False))
        return
    tongue = language()
    batch = said["batch"]
    click.echo(say(tongue, f"batch.state.{batch['state']}", name=batch["name"], contractor=batch["contractor"]))
    if batch["despite"]:
        click.echo(say(tongue, "batch.despite", reason=batch["despite"]))
    for one in said["items"]:
        back = one["pages_in"]
        bound = say(tongue, "batch.bound" if one["bound"] else "batch.not_bound")
        came = say(tongue, "batch.still_out") if back is None else say(tongue, "batch.back", pages=back, bound=bound)
        click.echo(f"  {one['ref_code']}  {say(tongue, 'batch.sent', pages=one['pages_out'])}  {came}  {one['note']}")
        if one["undigitised"]:
            click.echo(f"    {say(tongue, 'batch.undigitised', pages=one['undigitised'])}")
        elif one["missing"]:
            click.echo(f"    {say(tongue, 'batch.missing', pages=one['missing_spans'])}")
    for one in said["steps"]:
        step = say(tongue, f"batch.step.{one['step']}")
        about = {name: one[name] for name in ("round", "worker", "checker", "count", "defects")}
        click.echo(f"  {step}  {say(tongue, 'batch.round', **about)}  {one['note']}")
    if batch["state"] == "open":
        steps = "、".join(say(tongue, f"batch.step.{step}") for step in said["next"])
        click.echo(say(tongue, "batch.next", steps=steps))
