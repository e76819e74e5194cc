"""``storeroom-bench``: the demo, and the technicians' hardware tests on a real room or on the virtual bench."""

from __future__ import annotations

import json
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import click

from hardware_tests.cameras_command import cameras_command
from hardware_tests.commission.command import commission
from hardware_tests.stops_command import stops_command
from hardware_tests.virtual import faults
from hardware_tests.virtual.demo import demo

HERE = Path(__file__).parent


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Bench for technicians: run a whole virtual storeroom, or test a real one.

    Example: storeroom-bench demo
    """


@cli.command()
@click.option("--bench", default="virtual", show_default=True, help="virtual, or a station's TOML file.")
@click.option("--report", "report_dir", type=click.Path(path_type=Path), help="Folder for the JSON report.")
@click.option("--operator", default="", help="Your name, for the report.")
@click.option("--allow-motion", is_flag=True, help="On a real station: also the tests that move a carriage.")
def test(bench: str, report_dir: Path | None, operator: str, allow_motion: bool) -> None:
    """Run the hardware tests; exit 0 only when every test that ran has passed.

    Example: storeroom-bench test --bench stations/room-1.toml --report reports --operator Zhou --allow-motion
    """
    import pytest

    if bench != "virtual" and not Path(bench).is_file():
        raise click.BadParameter(f"there is no station file {bench}; hardware_tests/stations/example.toml is one")
    args = [str(HERE), "--bench", bench, "--operator", operator, "-p", "no:cacheprovider", "--import-mode=importlib"]
    args += ["--report", str(report_dir)] if report_dir else []
    args += ["--allow-motion"] if allow_motion else []
    sys.exit(int(pytest.main(args)))


@cli.command()
@click.argument("fault", metavar="FAULT", type=click.Choice(sorted(faults.NAMES)))
@click.argument("values", nargs=-1)
@click.option("--room-port", default=8070, show_default=True, help="Of the running demo.")
def inject(fault: str, values: tuple[str, ...], room_port: int) -> None:
    """Break something in the running demo; VALUES are name=value, as the fault wants them.

    Example: storeroom-bench inject welded_contactor column=4 on=true
    """
    asked: dict[str, Any] = {"what": fault}
    for value in values:
        name, found, text = value.partition("=")
        if not found:
            raise click.BadParameter(f"{value!r} is not name=value")
        try:
            asked[name] = json.loads(text)
        except ValueError:
            asked[name] = text
    request = urllib.request.Request(
        f"http://127.0.0.1:{room_port}/do", json.dumps(asked).encode(), {"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            click.echo(answer.read().decode())
    except urllib.error.HTTPError as refused:
        raise click.ClickException(f"the bench refuses: {json.load(refused)['why']}") from None
    except OSError:
        raise click.ClickException(f"no demo answers on port {room_port}: start storeroom-bench demo first") from None


cli.add_command(demo)
cli.add_command(commission)
cli.add_command(stops_command)
cli.add_command(cameras_command)


def main() -> None:
    cli.main(prog_name="storeroom-bench")


if __name__ == "__main__":
    main()
