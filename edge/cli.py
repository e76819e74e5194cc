"""``storeroom``: every verb of a node. What writes goes through the running node, or takes the lock when none runs."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

import click

from edge.errors import StoreroomError
from edge.store.space import refusal
from edge.words import LANGUAGES, say, spoken

CONFIG_OPTION = click.option(
    "--config",
    "config_path",
    type=click.Path(path_type=Path),
    default=Path("node.toml"),
    envvar="STOREROOM_CONFIG",
    show_default=True,
    help="The node's configuration.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="storeroom", prog_name="storeroom")
def cli() -> None:
    """Run an archive storeroom 档案库房: shelving, catalogue, loans, climate and trace.

    Example: storeroom run --config node.toml
    """


@cli.command()
@CONFIG_OPTION
def run(config_path: Path) -> None:
    """Run the node: panel, shelving, cameras, alarms, sync. Stops cleanly on Ctrl-C or SIGTERM.

    Example: storeroom run --config node.toml
    """
    from edge.app import run_node

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    run_node(config_path)


@cli.command()
@CONFIG_OPTION
def check(config_path: Path) -> None:
    """Check configuration, keys, store, ports and cameras before anything runs. Moves nothing, changes nothing.

    Example: storeroom check --config node.toml
    """
    from edge.check import findings, reading
    from edge.cli_read import quiet_stderr

    bad = 0
    found = list(findings(config_path))
    with quiet_stderr():
        found.append(reading())
    for finding in found:
        click.echo(("ok   " if finding.good else "BAD  ") + spoken(language(), finding.what))
        bad += not finding.good
    if bad:
        raise SystemExit(1)


def mount() -> None:
    """Hang the verbs of the other files into the group."""
    from edge import (
        cli_batch,
        cli_correct,
        cli_describe,
        cli_digitise,
        cli_evidence,
        cli_export,
        cli_firmware,
        cli_hook,
        cli_import,
        cli_print,
        cli_read,
        cli_samples,
        cli_search,
        cli_shelf,
        cli_shelve,
        cli_site,
        cli_stocktake,
        cli_store,
        cli_upkeep,
    )

    for file in (
        cli_store,
        cli_import,
        cli_search,
        cli_export,
        cli_read,
        cli_shelf,
        cli_digitise,
        cli_hook,
        cli_batch,
        cli_upkeep,
        cli_firmware,
        cli_correct,
        cli_describe,
        cli_shelve,
        cli_print,
        cli_evidence,
        cli_site,
        cli_stocktake,
        cli_samples,
    ):
        for command in file.COMMANDS:
            cli.add_command(command)


def language() -> str:
    """Of this terminal: STOREROOM_LANG, else LC_ALL, LC_MESSAGES, LANG; English when none is ours."""
    chosen = os.environ.get("STOREROOM_LANG", "")
    if chosen in LANGUAGES:
        return chosen
    locale = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    if locale.startswith("zh"):
        return "zh-Hant" if any(part in locale for part in ("TW", "HK", "MO", "Hant")) else "zh-Hans"
    return "en"


def sentence(error: StoreroomError, tongue: str) -> str:
    """What happened and what to do next, in one line."""
    happened = say(tongue, f"error.{error.code}", **error.params)
    return f"{happened} — {say(tongue, f'recovery.{error.recovery}', **error.params)}"


def main() -> None:
    mount()
    try:
        cli.main(standalone_mode=False)
    except StoreroomError as error:
        click.echo(f"storeroom: {sentence(error, language())}", err=True)
        sys.exit(error.exit_code)
    except OSError as error:
        if error.filename is None:
            raise
        refused = refusal(error, Path(error.filename))
        click.echo(f"storeroom: {sentence(refused, language())}", err=True)
        sys.exit(refused.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        click.echo("storeroom: stopped by the user", err=True)
        sys.exit(130)


if __name__ == "__main__":
    main()
