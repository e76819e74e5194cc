"""``storeroom-central``: set up a centre, enrol nodes, run it, prove what it holds."""

from __future__ import annotations

import json
import logging
import signal
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from types import FrameType

import click

from cloud_sync import enrolment, keys
from cloud_sync.app import Centre, now_ms
from cloud_sync.broker import SupervisedBroker
from cloud_sync.cli_people import people
from cloud_sync.cli_telling import AS_JSON, CONFIG, say_here, told
from cloud_sync.config import Config, load
from cloud_sync.mosquitto import mosquitto_files
from cloud_sync.server import serve
from cloud_sync.store.database import Database
from cloud_sync.store.export import export_lines
from cloud_sync.store.fleet import Fleet
from cloud_sync.store.nodes import Nodes


@click.group(
    epilog="Example: storeroom-central init /srv/centre && storeroom-central run --config /srv/centre/central.toml"
)
def main() -> None:
    """The central service: what happens in all rooms, proved and in one place."""


@main.command(epilog="Example: storeroom-central init /srv/centre --admin li")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--name", default="Storeroom", show_default=True, help="Shown in the console.")
@click.option("--port", default=8090, show_default=True, help="Of the console.")
@click.option("--broker-port", default=1883, show_default=True, help="Nodes connect here.")
@click.option("--zone", default="Asia/Shanghai", show_default=True)
@click.option("--language", type=click.Choice(["zh-Hans", "zh-Hant", "en"]), default="zh-Hans", show_default=True)
@click.option("--admin", default="admin", show_default=True, help="First person of the console.")
@click.option("--admin-password-file", type=click.Path(path_type=Path), help="Read it there instead of making one up.")
@AS_JSON
@told
def init(
    folder: Path,
    name: str,
    port: int,
    broker_port: int,
    zone: str,
    language: str,
    admin: str,
    admin_password_file: Path | None,
    as_json: bool,
) -> None:
    """Make a new centre in FOLDER: configuration, keys, store, and a first person for the console."""
    password = keys.read_secret(admin_password_file) if admin_password_file else None
    made = enrolment.init(
        folder,
        name=name,
        port=port,
        broker_port=broker_port,
        zone=zone,
        language=language,
        admin=admin,
        password=password,
        now_ms=now_ms(),
    )
    if as_json:
        click.echo(json.dumps({"config": str(made.config.path), "admin": admin, "centre_key": made.centre_key}))
        return
    url = f"http://{made.config.central.host}:{port}"
    click.echo(say_here("cli.centre_made", file=str(made.config.path), url=url, person=admin))
    if password is None:
        click.echo(say_here("cli.password", password=made.admin_password))


@main.command(epilog="Example: storeroom-central run --config /srv/centre/central.toml")
@CONFIG
@click.option(
    "--only",
    type=click.Choice(["broker", "service"]),
    help="Run one half by itself, so that each has its own fate: the broker with its gate, or ingest and console.",
)
@told
def run(config_path: Path, only: str | None) -> None:
    """Run broker, ingest and console until stopped."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s", stream=sys.stderr)
    config = load(config_path)
    if only == "broker":
        _run_broker(config)
        return
    with Centre(config, with_broker=only != "service") as centre:
        click.echo(f"console http://{config.central.host}:{config.central.port}")
        serve(centre.web(), config.central.host, config.central.port)


def _run_broker(config: Config) -> None:
    stop = threading.Event()

    def stopped(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stopped)
    broker = SupervisedBroker(config.broker)
    broker.start()
    click.echo(f"broker {config.broker.host}:{config.broker.port}")
    stop.wait()
    broker.close()


@main.command(epilog="Example: storeroom-central enrol room-3 --node-key 5f… --out /media/stick/keys")
@click.argument("node")
@CONFIG
@click.option("--name", default="", help="The room's name in the console.")
@click.option("--node-key", default="", help="The node's public signing key: 64 hex digits, or a file with them.")
@click.option("--out", type=click.Path(path_type=Path), help="Write centre.password and centre.pub for the node there.")
@AS_JSON
@told
def enrol(node: str, config_path: Path, name: str, node_key: str, out: Path | None, as_json: bool) -> None:
    """Give NODE its place at the broker and in the store. Again: a new password, its events stay."""
    ticket = enrolment.enrol(load(config_path), node, name=name, node_key=node_key, out=out, now_ms=now_ms())
    if as_json:
        click.echo(json.dumps(ticket.as_json()))
        return
    click.echo(say_here("cli.enrolled", node=ticket.node, key=ticket.centre_key))
    if ticket.files:
        click.echo(say_here("cli.written", files=", ".join(str(file) for file in ticket.files)))
    else:
        click.echo(say_here("cli.password", password=ticket.password))


@main.command(epilog="Example: storeroom-central nodes --json")
@CONFIG
@AS_JSON
@told
def nodes(config_path: Path, as_json: bool) -> None:
    """All rooms: state, events held, backlog, open alarms, quarantined messages."""
    central = load(config_path).central
    rooms = Fleet(Database(central.data_dir), central.zone).rooms(now_ms())
    if as_json:
        click.echo(json.dumps(rooms, ensure_ascii=False))
        return
    if not rooms:
        click.echo(say_here("console.no_rooms"))
    for room in rooms:
        counts = {name: room[name] for name in ("events_held", "alarms_open", "quarantined")}
        backlog = say_here("console.room.backlog_unknown") if room["backlog"] is None else room["backlog"]
        state = say_here(f"console.state.{room['state']}")
        click.echo(
            f"{room['node']:<20} {say_here('cli.node', name=room['name'], state=state, backlog=backlog, **counts)}"
        )


@main.command(epilog="Example: storeroom-central verify --json")
@CONFIG
@AS_JSON
@told
def verify(config_path: Path, as_json: bool) -> None:
    """Recompute every chain and signature, and build loans, alarms and boxes anew from the events."""
    verdict = Nodes(Database(load(config_path).central.data_dir)).verify()
    if as_json:
        click.echo(json.dumps(asdict(verdict)))
    else:
        click.echo(say_here("cli.verified", events=verdict.events, checkpoints=verdict.checkpoints))
        for bad in verdict.bad:
            click.echo(say_here(f"cli.broken.{bad.why}", node=bad.node, epoch=bad.epoch, seq=bad.seq), err=True)
    if verdict.bad:
        sys.exit(5)


@main.command(epilog="Example: storeroom-central export room-3 > room-3.jsonl")
@click.argument("node")
@CONFIG
@told
def export(node: str, config_path: Path) -> None:
    """All events held of NODE, one JSON line each: envelope, salt and body exactly as the node wrote them."""
    for line in export_lines(Database(load(config_path).central.data_dir), node):
        click.echo(line)


@main.command("broker-config", epilog="Example: storeroom-central broker-config /etc/mosquitto/conf.d")
@click.argument("folder", type=click.Path(path_type=Path))
@CONFIG
@told
def broker_config(folder: Path, config_path: Path) -> None:
    """For [broker] supervised = false: mosquitto's configuration, access list and password file into FOLDER."""
    config = load(config_path)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in mosquitto_files(config.broker, folder).items():
        (folder / name).write_text(text, "utf-8")
        click.echo(str(folder / name))


main.add_command(people)


if __name__ == "__main__":
    main()
