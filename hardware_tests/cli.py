"""``storeroom-bench``: the demo, and the technicians' hardware tests on a real room or on the virtual bench."""

from __future__ import annotations

import click

from hardware_tests.virtual.demo import demo


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Bench for technicians: run a whole virtual storeroom, or test a real one.

    Example: storeroom-bench demo
    """


cli.add_command(demo)


def main() -> None:
    cli.main(prog_name="storeroom-bench")


if __name__ == "__main__":
    main()
