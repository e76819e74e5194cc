"""``storeroom people …``: who works here, with which roles and cards. Each change is proved by PIN and recorded."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from edge.cli import CONFIG_OPTION
from edge.cli_options import JSON_OPTION, tell
from edge.cli_verbs import run_verb
from edge.config import load
from edge.store.begin import DATABASE_FILE
from edge.store.keys import read_keys
from edge.store.people import read_people
from edge.store.readers import Readers

BY_OPTION = click.option("--by", multiple=True, required=True, help="Id of who does it; the PIN is asked for.")


def ask_pin(prompt: str, *, twice: bool = False) -> str:
    """From the keyboard, hidden; from a pipe, one line each."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    typed: str = click.prompt(prompt, hide_input=True, confirmation_prompt=twice)
    return typed


def _proofs(by: tuple[str, ...]) -> list[dict[str, str]]:
    return [{"id": person_id, "pin": ask_pin(tell("ask_pin", id=person_id))} for person_id in by]


def _done(as_json: bool, msgid: str, answer: dict[str, Any]) -> None:
    click.echo(json.dumps(answer, ensure_ascii=False) if as_json else tell(msgid, **answer))


@click.group()
def people() -> None:
    """People, their roles, cards and PINs.

    Example: storeroom people list
    """


@people.command("list")
@CONFIG_OPTION
@JSON_OPTION
def list_people(config_path: Path, as_json: bool) -> None:
    """Everybody, with id and roles; also while the node runs.

    Example: storeroom people list --json
    """
    config = load(config_path)
    readers = Readers(config.node.data_dir / DATABASE_FILE, read_keys(config.node.keys_dir).database)
    with readers.read() as db:
        found = read_people(db)
    readers.close()
    if as_json:
        listed = [
            {"id": one.id, "name": one.name, "department": one.department, "roles": one.roles, "active": one.active}
            for one in found
        ]
        click.echo(json.dumps(listed, ensure_ascii=False))
        return
    for one in found:
        click.echo(f"{one.id}  {one.name}  {' '.join(one.roles)}{'' if one.active else '  ' + tell('inactive')}")


@people.command()
@click.argument("name")
@click.option("--department", default="", help="Where they work.")
@click.option("--role", "roles", multiple=True, help="A role; may be given more than once.")
@BY_OPTION
@CONFIG_OPTION
@JSON_OPTION
def add(
    name: str, department: str, roles: tuple[str, ...], by: tuple[str, ...], config_path: Path, as_json: bool
) -> None:
    """Add a person. Roles take two administrators, once there are two.

    Example: storeroom people add 李娜 --role reader --by 019aa6…
    """
    args = {"name": name, "department": department, "roles": list(roles), "by": _proofs(by)}
    _done(as_json, "person_added", run_verb(config_path, "people_add", args))


@people.command()
@click.argument("person")
@click.option("--role", default="", help="The role; without it a revoked person counts again.")
@BY_OPTION
@CONFIG_OPTION
@JSON_OPTION
def grant(person: str, role: str, by: tuple[str, ...], config_path: Path, as_json: bool) -> None:
    """Grant a role: two administrators, one of them the security administrator.

    Example: storeroom people grant 019aa6… --role auditor --by 019aa1… --by 019aa2…
    """
    answer = run_verb(config_path, "people_grant", {"person": person, "role": role, "by": _proofs(by)})
    _done(as_json, "person_granted", answer)


@people.command()
@click.argument("person", required=False)
@click.option("--role", default=None, help="Only this role; without it the whole person.")
@click.option("--card", default="", help="Id of a card to revoke instead.")
@BY_OPTION
@CONFIG_OPTION
@JSON_OPTION
def revoke(
    person: str | None, role: str | None, card: str, by: tuple[str, ...], config_path: Path, as_json: bool
) -> None:
    """Revoke a person, one of their roles, or a card, at once. One administrator is enough.

    Example: storeroom people revoke 019aa6… --by 019aa1…
    """
    if bool(person) == bool(card):
        raise click.UsageError("give a person or --card")
    args = {"person": person, "role": role, "card": card, "by": _proofs(by)}
    _done(as_json, "revoked", run_verb(config_path, "people_revoke", args))


@people.command()
@click.argument("person")
@click.argument("uid")
@BY_OPTION
@CONFIG_OPTION
@JSON_OPTION
def card(person: str, uid: str, by: tuple[str, ...], config_path: Path, as_json: bool) -> None:
    """Register a card: UID in hexadecimal as the reader gives it. Only what proves it is stored.

    Example: storeroom people card 019aa6… 04A1B2C3 --by 019aa1…
    """
    answer = run_verb(config_path, "people_card", {"person": person, "uid": uid, "by": _proofs(by)})
    _done(as_json, "card_added", answer)


@people.command()
@click.argument("person")
@BY_OPTION
@CONFIG_OPTION
@JSON_OPTION
def pin(person: str, by: tuple[str, ...], config_path: Path, as_json: bool) -> None:
    """Set a PIN: one's own, or as security administrator.

    Example: storeroom people pin 019aa6… --by 019aa1…
    """
    args = {"person": person, "by": _proofs(by), "new_pin": ask_pin(tell("ask_new_pin"), twice=True)}
    _done(as_json, "pin_set", run_verb(config_path, "people_pin", args))
