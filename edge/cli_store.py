"""``storeroom init``, ``backup``, ``verify-backup`` and ``restore``; and all verbs of the store together."""

from __future__ import annotations

import json
import re
import secrets
from pathlib import Path

import click

from edge.cli import CONFIG_OPTION
from edge.cli_options import JSON_OPTION, tell
from edge.cli_people import ask_pin, people
from edge.cli_trace import said, trace
from edge.cli_verbs import control_verbs, run_verb
from edge.clock import SystemClock, iso_utc
from edge.config import load
from edge.errors import StoreError
from edge.store.backup import restore as restore_set
from edge.store.backup import verify_backup as verify_set
from edge.store.begin import begin, refuse_existing
from edge.store.keys import read_key, read_keys

__all__ = ["COMMANDS", "control_verbs"]

EXAMPLE = Path(__file__).with_name("node.example.toml")


@click.command()
@click.option("--name", help="Name of the first security administrator; asked for if missing.")
@click.option(
    "--site-key", type=click.Path(path_type=Path), help="site.key of another node of this site: cards work here too."
)
@CONFIG_OPTION
@JSON_OPTION
def init(name: str | None, site_key: Path | None, config_path: Path, as_json: bool) -> None:
    """Make keys, an empty store, the first security administrator and the recovery key, which is shown once.

    Writes a node.toml with a node id of its own where there is none. Never runs over existing data or keys.

    Example: storeroom init --config node.toml --name 张敏
    """
    if not config_path.exists():
        _write_config(config_path)
        click.echo(tell("config_written", path=config_path), err=True)
    node = load(config_path).node
    refuse_existing(node.data_dir, node.keys_dir)
    name = name or click.prompt(tell("ask_name"))
    begun = begin(
        node.data_dir,
        node.keys_dir,
        node_id=node.id,
        clock=SystemClock(),
        name=name,
        pin=ask_pin(tell("ask_new_pin"), twice=True),
        site_key=read_key(site_key) if site_key else None,
    )
    made = {
        "node": node.id,
        "data_dir": str(node.data_dir),
        "keys_dir": str(node.keys_dir),
        "administrator": begun.administrator.id,
        "recovery_key": begun.recovery_key,
    }
    click.echo(json.dumps(made, ensure_ascii=False) if as_json else tell("initialised", **made))


def _write_config(path: Path) -> None:
    """The example with a fresh node id; a person puts in ports, pins and cameras."""
    fresh = f'id = "room-{secrets.token_hex(4)}"'
    path.write_text(re.sub(r'(?m)^id = "room-1"', fresh, EXAMPLE.read_text("utf-8"), count=1), "utf-8")


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@CONFIG_OPTION
@JSON_OPTION
def backup(folder: Path, config_path: Path, as_json: bool) -> None:
    """Write a backup set into DIR, also while the node runs: store, readings, looks, keys sealed to the recovery key.

    Example: storeroom backup /media/usb
    """
    steps = (lambda _step: None) if as_json else (lambda step: click.echo(tell("backup_step", **step)))
    answer = run_verb(config_path, "backup", {"dir": str(folder.resolve())}, steps)
    click.echo(json.dumps(answer, ensure_ascii=False) if as_json else tell("backed_up", **answer))


@click.command("verify-backup")
@click.argument("folder", metavar="BACKUP", type=click.Path(path_type=Path))
@click.option("--with-recovery-key", is_flag=True, help="Ask for the recovery key instead of using this node's keys.")
@CONFIG_OPTION
@JSON_OPTION
def verify_backup(folder: Path, with_recovery_key: bool, config_path: Path, as_json: bool) -> None:
    """Check a backup set: every hash, the signature, every page, the whole trace. BACKUP is a set or a folder of sets.

    Example: storeroom verify-backup /media/usb
    """
    if with_recovery_key:
        manifest, report = verify_set(folder, recovery_key=ask_pin(tell("ask_recovery_key")))
    else:
        manifest, report = verify_set(folder, keys=read_keys(load(config_path).node.keys_dir))
    if report.findings:
        raise StoreError("trace_broken", "choose_other_backup", said=said(report.findings[0]))
    found = {"node": manifest.node, "made": iso_utc(manifest.made_utc_ms), "events": report.events}
    click.echo(json.dumps({**found, "good": True}) if as_json else tell("backup_good", **found))


@click.command()
@click.argument("folder", metavar="BACKUP", type=click.Path(path_type=Path))
@CONFIG_OPTION
@JSON_OPTION
def restore(folder: Path, config_path: Path, as_json: bool) -> None:
    """Bring a backup set back into the empty data and keys folders of node.toml. Asks for the recovery key.

    The restored node starts a new epoch. What it recorded after this backup stays at the centre under the old one.

    Example: storeroom restore /media/usb
    """
    node = load(config_path).node
    key = ask_pin(tell("ask_recovery_key"))
    done = restore_set(folder, key, node.data_dir, node.keys_dir, node_id=node.id, clock=SystemClock())
    told = {"node": done.node, "epoch": done.head.epoch, "previous": done.previous.epoch, "seq": done.previous.seq}
    click.echo(json.dumps(told) if as_json else tell("restored", **told))


COMMANDS = (init, trace, backup, verify_backup, restore, people)
