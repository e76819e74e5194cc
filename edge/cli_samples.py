"""``storeroom samples``: what people corrected, as test data for readers. Asks the running node."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from edge.cli import CONFIG_OPTION, language
from edge.cli_digitise import node_and_proof
from edge.cli_options import JSON_OPTION
from edge.control import Verb, ask
from edge.words import say
from edge.workflows import reading_samples

if TYPE_CHECKING:
    from edge.workflows.room import Room

Args = dict[str, Any]


def control_verbs(room: Room) -> dict[str, Verb]:
    """Each request proves who asks by their PIN."""

    def write(args: Args, _progress: object) -> Args:
        person = room.people.by_pin(args["by"]["id"], args["by"]["pin"])
        return asdict(reading_samples.write(room, person, Path(args["folder"])))

    return {"samples": write}


@click.command("samples")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--by", required=True, help="Id of who takes it out; the PIN is asked for.")
@CONFIG_OPTION
@JSON_OPTION
def samples_command(folder: Path, by: str, config_path: Path, as_json: bool) -> None:
    """Lines that people corrected or confirmed: crops, raw readings and what they say; and how often reading erred.

    Example: storeroom samples samples/ --by 0190…
    """
    socket, proof = node_and_proof(config_path, by)
    told = ask(socket, "samples", {"by": proof, "folder": str(folder.absolute())})
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        percent = f"{100 * told['error_rate']:.2f}"
        click.echo(say(language(), "samples.written", lines=told["lines"], folder=folder, percent=percent))


COMMANDS: tuple[click.Command, ...] = (samples_command,)
