"""``storeroom export`` as a person types it, with and without a running node."""

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result

from edge import cli_export
from edge.config import load
from edge.control import SOCKET, ControlServer
from edge.domain.climate import Reading
from edge.errors import InputRefused, RuleRefused
from edge.store.begin import READINGS_FILE
from edge.store.database import Database
from edge.store.imports import Imports
from edge.store.keys import read_keys
from edge.store.people import People
from edge.store.readings import Readings
from edge.store.trace import Trace
from edge.store.trace_export import verify_export
from tests.edge.fresh_node import PIN, add_person, begun, bring_in, opened, typed


@pytest.fixture
def config_path(tmp_path: Path) -> Path:
    """A node of its own with a public and a secret item, and 李娜, who is cleared."""
    path, admin = begun(tmp_path)
    add_person(path, admin, "linna", "李娜", ("archivist", "cleared_secret"))
    bring_in(path, "档号,题名,密级\nZ109-WS·2011-Y-0001,通知,\nZ109-WS·2011-Y-0002,要件,机密\n")
    return path


@pytest.fixture
def run(config_path: Path) -> Callable[..., Result]:
    return typed(cli_export.export_command, config_path)


def test_a_table_leaves_and_the_trace_has_it(run: Callable[..., Result], config_path: Path, tmp_path: Path) -> None:
    done = run("items", "--out", tmp_path / "out.csv")
    assert done.exit_code == 0, done.output
    assert "已导出 1 行" in done.stdout and "密级高于“内部”的内容未导出" in done.stderr
    assert "要件" not in (tmp_path / "out.csv").read_text("utf-8")
    with opened(config_path) as database:
        [event] = Trace(database).recent(1)
    assert (event.action, event.actor) == ("export.made", "node")


def test_secret_items_leave_with_the_pin_of_somebody_cleared(run: Callable[..., Result], tmp_path: Path) -> None:
    secret = ("items", "--format", "jsonl", "--clearance", "secret", "--json", "--out")
    refused = run(*secret, tmp_path / "a.jsonl").exception
    assert isinstance(refused, RuleRefused) and refused.code == "export_not_cleared"
    refused = run(*secret, tmp_path / "a.jsonl", "--by", "linna", pin="999111").exception
    assert isinstance(refused, RuleRefused) and refused.code == "pin_wrong"
    assert not list(tmp_path.glob("*.jsonl*"))
    done = json.loads(run(*secret, tmp_path / "a.jsonl", "--by", "linna", pin=PIN).stdout)
    assert (done["rows"], done["clearance"], done["rights_may_limit"]) == (2, "secret", True)
    assert "要件" in (tmp_path / "a.jsonl").read_text("utf-8")


@pytest.fixture
def node(config_path: Path) -> Iterator[Database]:
    """The store in the hands of a process that answers the control socket, as a running node does."""
    config = load(config_path)
    with opened(config_path) as database:
        people = People(database, read_keys(config.node.keys_dir).site)
        server = ControlServer(config.node.run_dir / SOCKET, cli_export.control_verbs(database, people))
        yield database
        server.close()


def test_beside_a_running_node_the_node_proves_and_records(
    run: Callable[..., Result], node: Database, tmp_path: Path
) -> None:
    done = run("items", "--format", "xlsx", "--clearance", "secret", "--by", "linna", "--out", tmp_path / "a", pin=PIN)
    assert done.exit_code == 0, (done.output, done.exception)
    [event] = Trace(node).recent(1)
    assert (event.action, event.actor, event.level) == ("export.made", "linna", "secret")
    assert json.loads(event.body or b"")["rows"] == 2
    refused = run("items", "--clearance", "top_secret", "--by", "linna", "--out", tmp_path / "b", pin=PIN).exception
    assert isinstance(refused, RuleRefused) and refused.code == "export_not_cleared"


def test_the_trace_leaves_as_a_stranger_can_check_it_and_says_so_itself(
    run: Callable[..., Result], config_path: Path, tmp_path: Path
) -> None:
    assert run("items", "--clearance", "secret", "--by", "linna", "--out", tmp_path / "a", pin=PIN).exit_code == 0
    done = run("trace", "--out", tmp_path / "trace", "--json")
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert verify_export(tmp_path / "trace") is None
    assert said["sha256"] == hashlib.sha256((tmp_path / "trace" / "trace.jsonl").read_bytes()).hexdigest()
    assert said["altered"] == 1  # the body of the secret export stays here
    with opened(config_path) as database:
        [event] = Trace(database).recent(1)
    assert json.loads(event.body or b"")["what"] == "trace"
    again = run("trace", "--out", tmp_path / "trace").exception
    assert isinstance(again, InputRefused) and again.code == "export_exists"


def test_an_imported_file_comes_out_as_it_was_for_those_cleared_for_all_of_it(
    run: Callable[..., Result], config_path: Path, tmp_path: Path
) -> None:
    with opened(config_path) as database:
        [imported] = Imports(database).recent()
    source = ("source", "--import", imported.id, "--out", tmp_path / "again.csv")
    refused = run(*source).exception
    assert isinstance(refused, RuleRefused) and refused.code == "export_not_cleared"
    done = run(*source, "--clearance", "secret", "--by", "linna", pin=PIN)
    assert done.exit_code == 0, done.output
    assert (tmp_path / "again.csv").read_bytes() == (tmp_path / "list.csv").read_bytes()
    unknown = run("source", "--import", "x", "--out", tmp_path / "none.csv").exception
    assert isinstance(unknown, InputRefused) and unknown.code == "import_unknown"


def test_readings_leave_as_minutes(run: Callable[..., Result], config_path: Path, tmp_path: Path) -> None:
    node = load(config_path).node
    readings = Readings(node.data_dir / READINGS_FILE, read_keys(node.keys_dir).database)
    readings.add([Reading("north wall", "rh_cpct", value, 60_000 + value) for value in (4500, 4600)], 60_000)
    readings.close()
    assert run("readings", "--format", "jsonl", "--out", tmp_path / "r.jsonl").exit_code == 0
    row = json.loads((tmp_path / "r.jsonl").read_text("utf-8"))["storeroom.readings/1"]
    assert (row["minute"], row["least"], row["mean"], row["greatest"], row["readings"]) == (
        *("1970-01-01T00:01:00.000Z", 4500, 4550),
        *(4600, 2),
    )
