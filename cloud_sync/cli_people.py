"""``storeroom-central people …``: who may use the console and what for, said by whoever holds the server."""

from __future__ import annotations

import json
from pathlib import Path

import click

from cloud_sync.app import now_ms
from cloud_sync.cli_telling import AS_JSON, CONFIG, told
from cloud_sync.config import load
from cloud_sync.rights import RIGHTS
from cloud_sync.store.console_rights import AT_THE_SERVER, ConsoleRights
from cloud_sync.store.database import Database

RIGHT = click.option("--right", "rights", multiple=True, help=f"Again for each of: {', '.join(RIGHTS)}.")


def _rights(config_path: Path) -> ConsoleRights:
    return ConsoleRights(Database(load(config_path).central.data_dir))


@click.group(epilog="Example: storeroom-central people list")
def people() -> None:
    """Who may use the console, and what for. Everybody here may look at all rooms."""


@people.command("list", epilog="Example: storeroom-central people list --config central.toml")
@CONFIG
@AS_JSON
@told
def people_list(config_path: Path, as_json: bool) -> None:
    """Names and their rights, one person a line."""
    found = _rights(config_path).all()
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for one in found:
        click.echo(" ".join([one["name"], *one["rights"]]))


@people.command("add", epilog="Example: storeroom-central people add wang --right approve --right registers")
@click.argument("name")
@RIGHT
@CONFIG
@click.password_option()
@told
def people_add(name: str, rights: tuple[str, ...], config_path: Path, password: str) -> None:
    """Add NAME with these rights and no others."""
    _rights(config_path).add(name, rights, password, AT_THE_SERVER, now_ms())


@people.command("rights", epilog="Example: storeroom-central people rights wang --right approve")
@click.argument("name")
@RIGHT
@CONFIG
@told
def people_rights(name: str, rights: tuple[str, ...], config_path: Path) -> None:
    """Exactly these rights for NAME from now on; their sessions end."""
    _rights(config_path).set(name, rights, AT_THE_SERVER, now_ms())


@people.command("password", epilog="Example: storeroom-central people password wang")
@click.argument("name")
@CONFIG
@click.password_option()
@told
def people_password(name: str, config_path: Path, password: str) -> None:
    """A new password for NAME; their sessions end."""
    _rights(config_path).new_password(name, password, AT_THE_SERVER, now_ms())


@people.command("remove", epilog="Example: storeroom-central people remove wang")
@click.argument("name")
@CONFIG
@told
def people_remove(name: str, config_path: Path) -> None:
    """NAME may not sign in any more. The last administrator of users stays."""
    _rights(config_path).remove(name, AT_THE_SERVER, now_ms())
