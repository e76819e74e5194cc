"""A node of its own below a folder, for tests of commands: the example's node.toml, a begun store, people, a list."""

from collections.abc import Callable, Sequence
from pathlib import Path

import click
from click.testing import CliRunner, Result

from edge import cli_import
from edge.clock import SystemClock
from edge.config import load
from edge.store.begin import DATABASE_FILE, begin
from edge.store.database import Database
from edge.store.keys import read_keys
from edge.store.people import People

EXAMPLE = Path(cli_import.__file__).with_name("node.example.toml")
PIN = "730418"


def begun(folder: Path, **settings: int) -> tuple[Path, str]:
    """Its node.toml, and the id of its first administrator, 赵敏. ``settings`` replace the example's, by name."""
    said = {name: f'{name} = "{folder / name[:-4]}"' for name in ("data_dir", "run_dir", "keys_dir")}
    said |= {name: f"{name} = {value}" for name, value in settings.items()}
    lines = [said.get(line.split("=")[0].strip(), line) for line in EXAMPLE.read_text("utf-8").splitlines()]
    path = folder / "node.toml"
    path.write_text("\n".join(lines), "utf-8")
    node = load(path).node
    node.run_dir.mkdir()
    first = begin(node.data_dir, node.keys_dir, node_id=node.id, clock=SystemClock(), name="赵敏", pin=PIN)
    return path, first.administrator.id


def opened(config_path: Path) -> Database:
    node = load(config_path).node
    key = read_keys(node.keys_dir).database
    return Database.open(node.data_dir / DATABASE_FILE, key, clock=SystemClock(), node_id=node.id)


def add_person(config_path: Path, by: str, person_id: str, name: str, roles: Sequence[str]) -> None:
    """Somebody with ``PIN``."""
    with opened(config_path) as database:
        people = People(database, read_keys(load(config_path).node.keys_dir).site)
        database.write(lambda change: people.add(change, name, roles=tuple(roles), by=(by,), person_id=person_id))
        database.write(lambda change: people.set_pin(change, person_id, PIN, actor=by))


def bring_in(config_path: Path, rows: str) -> None:
    """Import a list, as ``storeroom import`` does."""
    listed = config_path.with_name("list.csv")
    listed.write_text(rows, "utf-8")
    done = CliRunner().invoke(cli_import.import_command, [str(listed), "--config", str(config_path)])
    assert done.exit_code == 0, done.output


def typed(command: click.Command, config_path: Path) -> Callable[..., Result]:
    """``run(*args, pin="")``: the command as a person types it in Simplified Chinese at that node."""

    def run(*args: str | Path, pin: str = "") -> Result:
        texts = [*map(str, args), "--config", str(config_path)]
        return CliRunner().invoke(command, texts, input=f"{pin}\n", env={"STOREROOM_LANG": "zh-Hans"})

    return run
