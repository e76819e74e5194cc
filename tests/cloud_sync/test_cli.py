"""storeroom-central as a person types it: init, enrol, run as its own process, nodes, verify, export, broker-config."""

import json
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner

from cloud_sync import config
from cloud_sync.cli import main
from cloud_sync.store.database import Database
from edge.errors import InputRefused
from edge.words import say
from hardware_tests.virtual.ports import free_ports


@pytest.fixture
def said(monkeypatch):
    monkeypatch.setenv("LC_ALL", "C.UTF-8")

    def run(*args, status=0):
        result = CliRunner().invoke(main, [str(arg) for arg in args])
        assert result.exit_code == status, result.output
        return result

    return run


def test_init_shows_the_password_once_and_never_touches_an_existing_centre(said, tmp_path):
    first = said("init", tmp_path / "c", "--admin", "li")
    assert re.search(r"password +\S{20}", first.output)
    key = (tmp_path / "c/keys/signing.key").read_text()
    again = said("init", tmp_path / "c", status=3)
    assert "already" in again.stderr and (tmp_path / "c/keys/signing.key").read_text() == key
    assert oct((tmp_path / "c/keys/signing.key").stat().st_mode)[-3:] == "600"


def test_a_folder_that_cannot_be_written_is_named_with_what_to_do(said, tmp_path):
    (tmp_path / "file").touch()
    refused = said("init", tmp_path / "file" / "centre", status=5).stderr
    assert str(tmp_path / "file") in refused and "may write there" in refused


def test_a_centre_without_rooms_says_how_to_enrol_one(said, tmp_path):
    said("init", tmp_path / "c")
    assert "storeroom-central enrol" in said("nodes", "--config", tmp_path / "c/central.toml").output


def test_enrol_writes_the_nodes_files_or_shows_its_password(said, tmp_path):
    said("init", tmp_path / "c")
    where = ("--config", tmp_path / "c/central.toml")
    said("enrol", "room-3", *where, "--node-key", "ab" * 32, "--out", tmp_path / "keys")
    assert re.fullmatch(r"[0-9a-f]{64}\n", (tmp_path / "keys/centre.pub").read_text())
    assert oct((tmp_path / "keys/centre.password").stat().st_mode)[-3:] == "600"
    shown = json.loads(said("enrol", "room-4", *where, "--json").output)
    assert shown["node"] == "room-4" and len(shown["password"]) > 40
    assert "room-3" in said("nodes", *where).output


def test_users_of_the_console_are_managed_at_the_server(said, tmp_path):
    said("init", tmp_path / "c", "--admin", "li")
    where, password = ("--config", tmp_path / "c/central.toml"), ("--password", "a good password")
    said("people", "add", "wang", "--right", "people", *where, *password)
    assert (
        "people + users"
        in said("people", "rights", "wang", "--right", "people", "--right", "users", *where, status=3).stderr
    )
    said("people", "rights", "wang", "--right", "users", *where)
    said("people", "remove", "li", *where)
    assert "stays" in said("people", "remove", "wang", *where, status=3).stderr
    assert said("people", "list", *where).output.split() == ["wang", "users"]


@pytest.mark.parametrize(
    ("locale", "state", "checked"),
    [
        ("zh_CN.UTF-8", "从未联系", "已核对 0 条留痕"),
        ("zh_HK.UTF-8", "從未聯繫", "已核對 0 筆留痕"),
        ("C", "Never heard", "0 events"),
    ],
)
def test_rooms_and_the_proof_are_told_in_the_terminals_language(said, tmp_path, monkeypatch, locale, state, checked):
    said("init", tmp_path / "c")
    where = ("--config", tmp_path / "c/central.toml")
    said("enrol", "room-3", *where, "--name", "三号库房")
    monkeypatch.setenv("LC_ALL", locale)
    shown = said("nodes", *where).output
    assert shown.startswith("room-3 ") and state in shown and "三号库房" in shown
    assert checked in said("verify", *where).output


def test_a_changed_event_is_named_with_its_room_and_number(said, tmp_path, monkeypatch):
    said("init", tmp_path / "c")
    where = ("--config", tmp_path / "c/central.toml")
    said("enrol", "room-3", *where)
    changed = "('room-3', 'e1', 1, 'ab', 1, 1, 'box.placed', 's', 'a', 'internal', CAST('not JSON' AS BLOB))"
    columns = "(node, epoch, seq, hash, utc_ms, received_ms, action, subject, actor, level, envelope)"

    def forge(db):
        db.execute("INSERT INTO epoch VALUES ('room-3', 'e1', 1, 1, 'ab', '', 0, 1)")
        db.execute(f"INSERT INTO event {columns} VALUES {changed}")

    Database(config.load(tmp_path / "c/central.toml").central.data_dir).write(forge)
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    told = said("verify", *where, status=5)
    assert "room-3：纪元 e1 的第 1 条信封被改动" in told.stderr
    assert json.loads(said("verify", *where, "--json", status=5).stdout)["bad"] == [
        {"node": "room-3", "epoch": "e1", "seq": 1, "why": "envelope"}
    ]


@pytest.mark.parametrize("node", ["centre", "Room 1", "room/1", ""])
def test_an_id_that_cannot_be_a_node_is_refused_with_the_rule(said, tmp_path, node):
    said("init", tmp_path / "c")
    refused = said("enrol", node, "--config", tmp_path / "c/central.toml", status=2)
    assert "lower-case" in refused.stderr


def test_an_error_speaks_the_language_of_the_terminal(said, tmp_path, monkeypatch):
    monkeypatch.setenv("LC_ALL", "zh_TW.UTF-8")
    assert "讀不到設定檔" in said("nodes", "--config", tmp_path / "none.toml", status=2).stderr


def test_the_export_of_a_room_nobody_enrolled_is_refused(said, tmp_path):
    said("init", tmp_path / "c")
    refused = said("export", "nobody", "--config", tmp_path / "c/central.toml", status=2)
    assert "nobody" in refused.stderr and not refused.stdout


def test_every_mistake_in_the_configuration_is_reported_with_its_line(tmp_path):
    path = tmp_path / "central.toml"
    path.write_text(
        '[central]\ndata_dir = "d"\nport = 99999\nzone = "Mars/Base"\nspeed = 1\n'
        '[broker]\nhost = "0.0.0.0"\nusers_file = "u"\nstore_dir = 3\n[more]\n'
    )
    with pytest.raises(InputRefused) as refused:
        config.load(path)
    problems = say("en", "error.central_config_wrong", config.WORDS, **refused.value.params)
    for line in (
        "line 1: central.keys_dir",
        "line 3: central.port",
        "line 4: central.zone",
        "line 5: central.speed",
        "line 7: broker.host",
        "line 9: broker.store_dir",
        "line 10: more",
    ):
        assert line in problems, problems


def test_broker_config_gives_mosquitto_the_same_users_and_rights(said, tmp_path):
    said("init", tmp_path / "c")
    where = ("--config", tmp_path / "c/central.toml")
    said("enrol", "room-3", *where)
    said("broker-config", tmp_path / "m", *where)
    assert "use_username_as_clientid true" in (tmp_path / "m/storeroom.conf").read_text()
    access = (tmp_path / "m/storeroom.acl").read_text()
    for right in (
        "write storeroom/v1/room-3/up/#",
        "write storeroom/v1/room-3/state",
        "read storeroom/v1/room-3/down/#",
    ):
        assert f"topic {right}" in access.split("user room-3")[1]
    assert "room-3:$7$" in (tmp_path / "m/storeroom.passwords").read_text()


def answer(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as got:
            return got.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return None


def wait_for(condition, seconds=40):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.1)


def start(folder, *more):
    return subprocess.Popen(
        [sys.executable, "-m", "cloud_sync", "run", "--config", str(folder / "central.toml"), *more]
    )


def test_broker_and_service_have_separate_fates_and_stop_cleanly(said, tmp_path):
    port, broker_port = free_ports(2)
    said("init", tmp_path / "c", "--port", port, "--broker-port", broker_port)
    service = start(tmp_path / "c", "--only", "service")
    broker = None
    try:
        wait_for(lambda: answer(port) == 503)
        broker = start(tmp_path / "c", "--only", "broker")
        wait_for(lambda: answer(port) == 200)
        broker.send_signal(signal.SIGTERM)
        assert broker.wait(20) == 0
        wait_for(lambda: answer(port) == 503)
        broker = start(tmp_path / "c", "--only", "broker")
        wait_for(lambda: answer(port) == 200)
        service.send_signal(signal.SIGTERM)
        assert service.wait(20) == 0
    finally:
        for process in (service, broker):
            if process is not None and process.poll() is None:
                process.kill()


def test_a_supervisor_that_is_killed_takes_its_broker_with_it(said, tmp_path):
    said("init", tmp_path / "c", "--broker-port", free_ports(1)[0])
    broker = start(tmp_path / "c", "--only", "broker")
    pid_file = tmp_path / "c/broker/store/nats.pid"
    wait_for(pid_file.exists)
    wait_for(lambda: pid_file.read_text().strip())
    pid = int(pid_file.read_text())
    broker.kill()
    broker.wait()

    def gone():
        try:
            return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
        except FileNotFoundError:
            return True

    wait_for(gone)
