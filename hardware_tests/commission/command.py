"""``storeroom-bench commission``: the guided ladder, on a real block or on the virtual one."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from edge.clock import SystemClock
from edge.words import LANGUAGES, say
from hardware_tests.bench import WORDS, Station, open_bench
from hardware_tests.commission.hands import StepFailed
from hardware_tests.commission.ladder import Ladder, Progress, Step
from hardware_tests.commission.signed import PROGRESS, sign


@click.command()
@click.option("--bench", "bench_name", required=True, help="A station's TOML file; or virtual, lockstep to rehearse.")
@click.option("--technician", required=True, help="Who does it; goes into the block's file.")
@click.option("--witness", required=True, help="The second signature: who saw that the block was empty.")
@click.option("--progress", "progress_path", type=click.Path(path_type=Path), help="Where it is taken up again.")
@click.option("--forget", multiple=True, metavar="STEP", help="Prove this again, for example 'column 4' or 'travel 4'.")
@click.option("--list", "only_list", is_flag=True, help="Only say which steps stand and which are owed.")
@click.option("--language", type=click.Choice(LANGUAGES), help="Default: the node's; on a virtual bench en.")
def commission(
    bench_name: str,
    technician: str,
    witness: str,
    progress_path: Path | None,
    forget: tuple[str, ...],
    only_list: bool,
    language: str | None,
) -> None:
    """Prove a block step by step and write its signed file; without it the node moves nothing.

    Stop the node first: one master speaks on the bus. Run it again to go on where it stopped; a changed board,
    firmware or configuration owes its steps again by itself, a changed sensor or edge by --forget.

    Example: storeroom-bench commission --bench stations/room-1.toml --technician Zhou --witness Chen
    """
    if technician.strip() == witness.strip():
        raise click.BadParameter("two signatures are needed: another person", param_hint="--witness")
    bench = open_bench(bench_name)
    node = bench.node if isinstance(bench, Station) else None
    tongue = language or (node.node.language if node else "en")
    path = progress_path or (node.node.data_dir / PROGRESS if node else Path(f"{PROGRESS}"))

    def told(step: Step) -> None:
        number = step.name.partition(" ")[2]
        click.echo(f"· {step.name:<10} {say(tongue, f'step.{step.kind}', WORDS, no=number)}")

    try:
        progress = Progress.load(path, bench.layout.area)
        ladder = Ladder(bench, progress, technician=technician, witness=witness, utc_ms=SystemClock().utc_ms)
        for name in forget:
            _forget(ladder, name)
        if only_list:
            owed = {step.name for step in ladder.todo()}
            for step in ladder.steps():
                click.echo(
                    f"{say(tongue, 'commission.owed' if step.name in owed else 'commission.done', WORDS)}  {step.name}"
                )
            return
        if not ladder.todo() and (node is None or progress.serial > 1):
            click.echo(say(tongue, "commission.nothing", WORDS))
            return
        ladder.climb(told)
        if node is None:
            click.echo(say(tongue, "commission.rehearsed", WORDS))
            return
        serial = progress.serial
        signed = sign(progress, ladder.block.address, node)
        click.echo(
            say(tongue, "commission.signed", WORDS, file=signed, serial=serial, technician=technician, witness=witness)
        )
    except StepFailed as failed:
        why = say(tongue, f"failed.{failed.code}", WORDS, **failed.params)
        click.echo(say(tongue, "commission.failed", WORDS, why=why), err=True)
        sys.exit(1)
    finally:
        bench.close()


def _forget(ladder: Ladder, name: str) -> None:
    try:
        ladder.forget(name)
    except KeyError:
        raise click.BadParameter(f"no such step stands: {name!r}; see --list", param_hint="--forget") from None
