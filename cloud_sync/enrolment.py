"""Making a centre, and giving a node its credential: what ``init`` and ``enrol`` do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cloud_sync import broker_users, keys
from cloud_sync.broker_users import CENTRE
from cloud_sync.config import TEMPLATE, Config, load
from cloud_sync.rights import FIRST
from cloud_sync.store.console_rights import AT_THE_SERVER, ConsoleRights
from cloud_sync.store.database import Database
from cloud_sync.store.nodes import Nodes
from edge.errors import InputRefused, RuleRefused

PASSWORD_FILE = "centre.password"
CENTRE_KEY_FILE = "centre.pub"


@dataclass(frozen=True, slots=True)
class Made:
    config: Config
    admin_password: str
    centre_key: str


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a node needs: its broker password and the public key by which it knows the centre's acknowledgements."""

    node: str
    password: str
    centre_key: str
    files: tuple[Path, ...]

    def as_json(self) -> dict[str, Any]:
        shown: dict[str, Any] = {"node": self.node, "centre_key": self.centre_key}
        if self.files:
            return {**shown, "files": [str(file) for file in self.files]}
        return {**shown, "password": self.password}


def init(
    folder: Path,
    *,
    name: str,
    port: int,
    broker_port: int,
    zone: str,
    language: str,
    admin: str,
    password: str | None,
    now_ms: int,
) -> Made:
    """A new centre. Raises RuleRefused ``centre_exists`` rather than touch one."""
    path = folder / "central.toml"
    if path.exists() or (folder / "keys").exists():
        raise RuleRefused("centre_exists", "choose_other_folder", where=str(folder))
    folder.mkdir(parents=True, exist_ok=True)
    values = {"name": name, "port": port, "broker_port": broker_port, "zone": zone, "language": language}
    path.write_text(TEMPLATE.format(**values), "utf-8")
    config = load(path)
    keys.make(config.central.keys_dir)
    own = keys.read_secret(config.central.keys_dir / keys.BROKER_PASSWORD)
    broker_users.put(config.broker.users_file, CENTRE, keys.broker_hash(own))
    database = Database(config.central.data_dir)
    made = password or keys.new_password()[:20]
    ConsoleRights(database).add(admin, FIRST, made, AT_THE_SERVER, now_ms)
    database.close()
    return Made(config, made, keys.public_hex(keys.signing_key(config.central.keys_dir)))


def enrol(config: Config, node: str, *, name: str, node_key: str, out: Path | None, now_ms: int) -> Ticket:
    """Also while the centre runs: the supervised broker notices. Raises InputRefused for a bad id or key."""
    if not re.fullmatch(r"[a-z0-9-]{1,32}", node) or node == CENTRE:
        raise InputRefused("node_id_bad", "choose_node_id", node=node)
    public_key = _node_key(node_key)
    password = keys.new_password()
    centre_key = keys.public_hex(keys.signing_key(config.central.keys_dir))
    database = Database(config.central.data_dir)
    Nodes(database).enrol(node, name, public_key, now_ms)
    database.close()
    broker_users.put(config.broker.users_file, node, keys.broker_hash(password))
    files: tuple[Path, ...] = ()
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        files = (out / PASSWORD_FILE, out / CENTRE_KEY_FILE)
        for file, text in zip(files, (password, centre_key), strict=True):
            file.unlink(missing_ok=True)
            keys.write_secret(file, text)
    return Ticket(node, password, centre_key, files)


def _node_key(given: str) -> str:
    text = Path(given).read_text("ascii").strip() if given and Path(given).is_file() else given
    if text and not re.fullmatch(r"[0-9a-f]{64}", text):
        raise InputRefused("node_key_bad", "copy_node_key")
    return text
