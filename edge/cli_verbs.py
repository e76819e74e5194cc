"""The store's verbs that change something: run by the node over its control socket, or here when no node runs.

People who act prove themselves with their PIN; ``by`` is [{"id", "pin"}, …] in the arguments.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from edge.cli_node import done_by, quiet
from edge.config import load
from edge.control import Progress, Verb
from edge.domain.access import require
from edge.domain.people import MAY_GRANT, Person
from edge.errors import InputRefused, RuleRefused
from edge.store.backup import back_up
from edge.store.backup_set import read_manifest
from edge.store.database import Database
from edge.store.keys import Keys
from edge.store.people import People

Args = dict[str, Any]


def run_verb(config_path: Path, verb: str, args: Args, on_progress: Progress = quiet) -> Args:
    return done_by(
        load(config_path),
        lambda database, keys: control_verbs(database, People(database, keys.site), keys),
        verb,
        args,
        on_progress,
    )


def control_verbs(database: Database, people: People, keys: Keys) -> dict[str, Verb]:
    """What ``edge/app.py`` adds to the running node's control socket."""
    verbs = _Verbs(database, people, keys)
    return {
        "backup": verbs.backup,
        "people_add": verbs.people_add,
        "people_grant": verbs.people_grant,
        "people_revoke": verbs.people_revoke,
        "people_card": verbs.people_card,
        "people_pin": verbs.people_pin,
    }


class _Verbs:
    def __init__(self, database: Database, people: People, keys: Keys) -> None:
        self._database, self._people, self._keys = database, people, keys

    def backup(self, args: Args, progress: Progress) -> Args:
        folder = back_up(self._database, self._keys, Path(args["dir"]), lambda name: progress({"file": name}))
        manifest = read_manifest(folder)
        return {
            "path": str(folder),
            "seq": manifest.head.seq,
            "files": len(manifest.files),
            "bytes": sum(file.size for file in manifest.files),
        }

    def people_add(self, args: Args, _progress: Progress) -> Args:
        by = self._proved(args)
        require(by[0].roles, "people")
        person = self._database.write(
            lambda change: self._people.add(
                change, args["name"], department=args["department"], roles=tuple(args["roles"]), by=_ids(by)
            )
        )
        return {"id": person.id, "name": person.name, "roles": list(person.roles)}

    def people_grant(self, args: Args, _progress: Progress) -> Args:
        by = self._proved(args)
        self._database.write(lambda change: self._people.grant(change, args["person"], args["role"], by=_ids(by)))
        return {"id": args["person"], "roles": list(self._people.get(args["person"]).roles)}

    def people_revoke(self, args: Args, _progress: Progress) -> Args:
        actor = self._proved(args)[0]
        if not MAY_GRANT & set(actor.roles):
            raise RuleRefused("not_allowed_people", "ask_security_admin")
        if args["card"]:
            self._database.write(lambda change: self._people.revoke_card(change, args["card"], actor=actor.id))
        else:
            self._database.write(
                lambda change: self._people.revoke(change, args["person"], args["role"], actor=actor.id)
            )
        return {"id": args["card"] or args["person"]}

    def people_card(self, args: Args, _progress: Progress) -> Args:
        actor = self._proved(args)[0]
        _require_people_right(actor)
        try:
            uid = bytes.fromhex(args["uid"])
        except ValueError:
            raise InputRefused("card_uid_unreadable", "hold_card_again") from None
        return {
            "card": self._database.write(
                lambda change: self._people.add_card(change, args["person"], uid, actor=actor.id)
            )
        }

    def people_pin(self, args: Args, _progress: Progress) -> Args:
        actor = self._proved(args)[0]
        if actor.id != args["person"]:
            _require_people_right(actor)
        self._database.write(
            lambda change: self._people.set_pin(change, args["person"], args["new_pin"], actor=actor.id)
        )
        return {"id": args["person"]}

    def _proved(self, args: Args) -> list[Person]:
        if not args["by"]:
            raise RuleRefused("grant_needs_security_admin", "ask_security_admin")
        return [self._people.by_pin(who["id"], who["pin"]) for who in args["by"]]


def _require_people_right(actor: Person) -> None:
    if "security_admin" not in actor.roles:
        raise RuleRefused("not_allowed_people", "ask_security_admin")


def _ids(people: list[Person]) -> tuple[str, ...]:
    return tuple(person.id for person in people)
