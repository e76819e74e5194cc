"""The demo's central service: made and enrolled as `storeroom-central init` and `enrol` do it."""

from __future__ import annotations

from pathlib import Path

from cloud_sync import enrolment
from cloud_sync.config import load
from cloud_sync.store.console_rights import ConsoleRights
from cloud_sync.store.database import Database
from edge.clock import SystemClock
from edge.store.keys import read_keys
from hardware_tests.virtual.ports import free_ports

ADMIN_NAME = "admin"  # says who may use the console
OTHERS: dict[str, tuple[str, ...]] = {
    "approver": ("acknowledge", "approve", "registers"),
    "security": ("people",),
    "security2": ("people",),
    "auditor": ("registers", "audit"),
}
PASSWORD_FILE, CENTRE_KEY_FILE = "centre.password", "centre.pub"


def broker_port(central_toml: Path) -> int:
    """Where the broker listens: as configured the first time, else a free port."""
    if central_toml.exists():
        return load(central_toml).broker.port
    return free_ports(1)[0]


def set_up_centre(folder: Path, node_id: str, node_keys: Path, *, console_port: int, port: int, password: str) -> None:
    """Nothing to do where a centre already is. ``password``: of the console's first person."""
    if (folder / "central.toml").exists():
        text = (folder / "central.toml").read_text("utf-8")
        config = load(folder / "central.toml")
        (folder / "central.toml").write_text(
            text.replace(f"port = {config.central.port}\n", f"port = {console_port}\n", 1), "utf-8"
        )
        return
    now_ms = SystemClock().utc_ms()
    made = enrolment.init(
        folder,
        name="Storeroom",
        port=console_port,
        broker_port=port,
        zone="Asia/Shanghai",
        language="zh-Hans",
        admin=ADMIN_NAME,
        password=password,
        now_ms=now_ms,
    )
    database = Database(made.config.central.data_dir)
    for name, rights in OTHERS.items():
        ConsoleRights(database).add(name, rights, password, ADMIN_NAME, now_ms)
    database.close()
    enrolment.enrol(
        made.config,
        node_id,
        name="一号库房",
        node_key=read_keys(node_keys).signing_public.public_bytes_raw().hex(),
        out=node_keys,
        now_ms=now_ms,
    )
