"""``storeroom-bench commission``: the guided ladder, on a real block or on the virtual one."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from edge.cli_node import opened
from edge.cli_options import tell
from edge.cli_people import ask_pin
from edge.clock import SystemClock
from edge.config import Config
from edge.domain.commissioning import Signer
from edge.errors import StoreroomError
from edge.store.block_file import PROGRESS
from edge.store.people import People
from edge.words import LANGUAGES, say
from edge.workflows.commissioning import sign_in
from hardware_tests.bench import WORDS, Station, open_bench
from hardware_tests.commission.hands import StepFailed
from hardware_tests.commission.ladder import Ladder, Progress, Step
from hardware_tests.commission.signed import sign, stands, withdraw

REHEARSAL = Signer("", "rehearsal")


@click.command()
@click.option("--bench", "bench_name", required=True, help="A station's TOML file; or virtual, lockstep to rehearse.")
@click.option("--technician", help="Id of who does it (storeroom people list); the PIN is asked for.")
@click.option("--witness", help="Id of the second person, who saw that the block was empty; the PIN is asked for.")
@click.option("--progress", "progress_path", type=click.Path(path_type=Path), help="Where it is taken up again.")
@click.option("--forget", multiple=True, metavar="STEP", help="Prove this again, for example 'column 4' or 'travel 4'.")
@click.option("--list", "only_list", is_flag=True, help="Only say which steps stand and which are owed.")
@click.option("--language", type=click.Choice(LANGUAGES), help="Default: the node's; on a virtual bench en.")
def commission(
    bench_name: str,
    technician: str | None,
    witness: str | None,
    progress_path: Path | None,
    forget: tuple[str, ...],
    only_list: bool,
    language: str | None,
) -> None:
    """Prove a block step by step and write its signed file; without it the node moves nothing.

    Stop the node first: one master speaks on the bus. Run it again to go on where it stopped; a changed board,
    firmware, sensor board or configuration owes its steps again by itself, a changed beam or edge by --forget, which
    withdraws the signed file. On a virtual bench it is a rehearsal: nobody signs and nothing is written for a node.

    Example: storeroom-bench commission --bench stations/room-1.toml --technician 019aa1… --witness 019aa2…
    """
    bench = open_bench(bench_name)
    node = bench.node if isinstance(bench, Station) else None
    tongue = language or (node.node.language if node else "en")
    path = progress_path or (node.node.data_dir / PROGRESS if node else Path(f"{PROGRESS}"))

    def told(step: Step) -> None:
        number = step.name.partition(" ")[2]
        click.echo(f"· {step.name:<10} {say(tongue, f'step.{step.kind}', WORDS, no=number)}")

    try:
        progress = Progress.load(path, bench.layout.area)
        signers = (REHEARSAL, REHEARSAL) if node is None or only_list else _signers(node, technician, witness)
        ladder = Ladder(bench, progress, technician=signers[0], witness=signers[1], utc_ms=SystemClock().utc_ms)
        if forget and only_list:
            raise click.UsageError("--list only looks: give --forget without it")
        for name in forget:
            _forget(ladder, name)
        if forget and node is not None:
            withdraw(node)
        if only_list:
            owed = {step.name for step in ladder.todo()}
            for step in ladder.steps():
                click.echo(
                    f"{say(tongue, 'commission.owed' if step.name in owed else 'commission.done', WORDS)}  {step.name}"
                )
            return
        if not ladder.todo() and (node is None or stands(node)):
            click.echo(say(tongue, "commission.nothing", WORDS))
            return
        ladder.climb(told)
        if node is None:
            click.echo(say(tongue, "commission.rehearsed", WORDS))
            return
        serial = progress.serial
        signed = sign(progress, ladder.block.address, node, *signers)
        names = {"technician": signers[0].name, "witness": signers[1].name}
        click.echo(say(tongue, "commission.signed", WORDS, file=signed, serial=serial, **names))
    except StoreroomError as error:
        for text in (f"error.{error.code}", f"recovery.{error.recovery}"):
            click.echo(say(tongue, text, **error.params), err=True)
        sys.exit(error.exit_code)
    except StepFailed as failed:
        why = say(tongue, f"failed.{failed.code}", WORDS, **failed.params)
        click.echo(say(tongue, "commission.failed", WORDS, why=why), err=True)
        sys.exit(1)
    finally:
        bench.close()


def _signers(node: Config, technician: str | None, witness: str | None) -> tuple[Signer, Signer]:
    if not technician or not witness:
        raise click.UsageError("who signs? Give --technician and --witness, by their ids: storeroom people list")
    if technician == witness:
        raise click.BadParameter("two signatures are needed: another person", param_hint="--witness")
    first, second = ((one, ask_pin(tell("ask_pin", id=one))) for one in (technician, witness))
    with opened(node) as (database, keys):
        return sign_in(database, People(database, keys.site), node.block.area, first, second)


def _forget(ladder: Ladder, name: str) -> None:
    try:
        ladder.forget(name)
    except KeyError:
        raise click.BadParameter(f"no such step stands: {name!r}; see --list", param_hint="--forget") from None
