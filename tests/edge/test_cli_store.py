"""The store's verbs as a person and a program use them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from edge.cli import CONFIG_OPTION, cli, main
from edge.cli_store import COMMANDS, control_verbs
from edge.clock import SystemClock
from edge.control import SOCKET, ControlServer
from edge.errors import InputRefused, RuleRefused, StoreError
from edge.store.begin import DATABASE_FILE, LOOKS_FILE
from edge.store.database import Database
from edge.store.keys import read_keys
from edge.store.looks import Looks
from edge.store.people import People
from edge.store.trace_export import EVENTS
from edge.store.trace_verify import SAYS
from edge.words import LANGUAGES, catalogue, say

PIN, OTHER_PIN = "271828", "314159"

for command in COMMANDS:
    cli.add_command(command)


class Node:
    """One initialised node in a folder; ``do`` runs a verb and gives its JSON."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.config = folder, folder / "node.toml"
        begun = self.do("init", "--name", "张敏", typed=[PIN])
        self.admin, self.recovery_key = begun["administrator"], begun["recovery_key"]

    def do(self, *verb: str, typed: list[str] = ()) -> object:
        result = self.run(*verb, "--json", typed=typed)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return json.loads(result.stdout.splitlines()[-1])

    def run(self, *verb: str, typed: list[str] = (), language: str = "en"):
        typed_text = "".join(line + "\n" for line in typed)
        env = {"STOREROOM_CONFIG": str(self.config), "STOREROOM_LANG": language}
        return CliRunner().invoke(cli, list(verb), input=typed_text, env=env)

    def write(self, count: int) -> None:
        keys = read_keys(self.folder / "keys")
        node_id = json.loads(self.run("trace", "show", "--json", "--limit", "1").stdout)[0]["node"]
        path = self.folder / "data" / DATABASE_FILE
        with Database.open(path, keys.database, clock=SystemClock(), node_id=node_id) as database:
            for number in range(count):
                database.write(lambda c, n=number: c.event("box.placed", subject="b", actor="p", body={"n": n}))


@pytest.fixture
def node(tmp_path: Path) -> Node:
    return Node(tmp_path)


def test_init_makes_everything_once_and_never_again(node):
    assert node.recovery_key.startswith("SRK1-")
    for name in ("database.key", "signing.key", "site.key"):
        assert (node.folder / "keys" / name).stat().st_mode & 0o777 == 0o600
    before = {path: path.read_bytes() for path in node.folder.rglob("*") if path.is_file()}
    again = node.run("init", "--name", "李娜", typed=[OTHER_PIN])
    assert isinstance(again.exception, StoreError) and again.exception.code == "already_initialised"
    assert {path: path.read_bytes() for path in node.folder.rglob("*") if path.is_file()} == before


def test_init_over_existing_data_is_refused_before_anything_is_asked(node):
    again = node.run("init", typed=[])
    assert isinstance(again.exception, StoreError) and again.exception.code == "already_initialised"


def test_init_without_a_config_writes_one_with_a_node_id_of_its_own(node, tmp_path_factory):
    other = Node(tmp_path_factory.mktemp("second"))
    ids = [(one.folder / "node.toml").read_text("utf-8").splitlines()[4] for one in (node, other)]
    assert ids[0] != ids[1] and all(line.startswith('id = "room-') for line in ids)


def test_what_the_system_refuses_is_one_sentence_with_the_place(tmp_path, monkeypatch, capsys):
    (tmp_path / "file").touch()
    monkeypatch.setattr(sys, "argv", ["storeroom", "init", "--config", str(tmp_path / "file" / "node.toml")])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr().err
    assert ended.value.code == StoreError.exit_code
    assert str(tmp_path / "file" / "node.toml") in said and "Traceback" not in said


def test_the_recovery_key_is_nowhere_on_the_disk(node):
    secret = node.recovery_key.encode()
    assert not [path for path in node.folder.rglob("*") if path.is_file() and secret in path.read_bytes()]


def test_the_name_of_a_person_cannot_be_read_from_the_file(node):
    assert not [p for p in (node.folder / "data").rglob("*") if p.is_file() and "张敏".encode() in p.read_bytes()]


def test_a_weak_pin_is_refused_before_anything_is_made(tmp_path):
    with pytest.raises(InputRefused, match="pin_too_weak"):
        Node.do(_bare(tmp_path), "init", "--name", "张敏", typed=["123456"])
    assert not (tmp_path / "data").exists() and not (tmp_path / "keys").exists()


def _bare(folder: Path) -> Node:
    bare = Node.__new__(Node)
    bare.folder, bare.config = folder, folder / "node.toml"
    return bare


def test_trace_verify_says_good_and_after_one_changed_byte_names_the_first_bad_event(node):
    node.write(60)
    good = node.do("trace", "verify")
    assert good["good"] and good["events"] > 60
    path = node.folder / "data" / DATABASE_FILE
    whole = path.read_bytes()
    named = 0
    for page in range(1, len(whole) // 4096, 3):
        path.write_bytes(whole[: page * 4096 + 99] + bytes([whole[page * 4096 + 99] ^ 1]) + whole[page * 4096 + 100 :])
        result = node.run("trace", "verify")
        assert isinstance(result.exception, StoreError), f"page {page + 1}"
        named += "cannot be read" in result.stdout and "of epoch" in result.stdout
    assert named


def test_an_export_is_checked_by_the_verb_and_by_its_own_script(node, tmp_path):
    node.write(5)
    folder = tmp_path / "out"
    node.do("trace", "export", str(folder))
    assert node.do("trace", "verify", "--export", str(folder)) == {"good": True, "bad": None, "own_key": True}
    script = subprocess.run([sys.executable, "-I", folder / "trace_verify.py", folder], capture_output=True, timeout=60)
    assert script.returncode == 0, script.stderr
    again = node.run("trace", "export", str(folder))
    assert again.exception.code == "export_not_empty"


@pytest.mark.parametrize("tongue", LANGUAGES)
def test_a_changed_export_is_told_in_the_readers_language(node, tmp_path, tongue):
    node.write(5)
    folder = tmp_path / "out"
    node.do("trace", "export", str(folder))
    lines = (folder / EVENTS).read_bytes().splitlines(keepends=True)
    lines[-1] = lines[-1].replace(b"box.placed", b"box.plaCed")
    (folder / EVENTS).write_bytes(b"".join(lines))
    told = node.run("trace", "verify", "--export", str(folder), language=tongue).exception.params["said"]
    assert str(len(lines)) in told and say(tongue, "store_cli.export_why.hash") in told
    assert {f"store_cli.export_why.{why}" for why in SAYS} <= catalogue(tongue).keys()


def test_the_drill_backup_machine_lost_restore(node, tmp_path_factory):
    node.write(20)
    target = tmp_path_factory.mktemp("usb")
    database_key = read_keys(node.folder / "keys").database
    looks = Looks(node.folder / "data" / LOOKS_FILE, database_key)
    looks.keep("a", b"\xff\xd8 picture", 1_795_305_600_000)
    looks.close()
    backed_up = node.do("backup", str(target))
    node.write(15)
    lost = node.do("trace", "show", "--limit", "1")[0]
    assert node.do("verify-backup", str(target))["good"]

    machine = tmp_path_factory.mktemp("new-machine")
    new = _bare(machine)
    new.config.write_text(node.config.read_text("utf-8"), "utf-8")
    restored = new.do("restore", str(target), typed=[node.recovery_key.lower()])
    assert restored["seq"] == backed_up["seq"] and restored["previous"] == lost["epoch"] != restored["epoch"]
    first = new.do("trace", "show", "--limit", "1")[0]
    assert (first["seq"], first["action"], first["body"]["why"]) == (1, "epoch.started", "restored")
    assert first["body"]["previous_seq"] == backed_up["seq"] < lost["seq"]
    verified = new.do("trace", "verify")
    assert verified["good"] and verified["epochs"] == 2
    looks = Looks(machine / "data" / LOOKS_FILE, database_key)
    assert looks.read("a") == b"\xff\xd8 picture"
    looks.close()
    assert [one["name"] for one in new.do("people", "list")] == ["张敏"]


def test_restore_refuses_a_wrong_key_a_mistyped_key_another_node_and_a_used_folder(node, tmp_path_factory):
    target = tmp_path_factory.mktemp("usb")
    node.do("backup", str(target))
    other = Node(tmp_path_factory.mktemp("other"))
    new = _bare(tmp_path_factory.mktemp("new"))
    new.config.write_text(node.config.read_text("utf-8"), "utf-8")
    for typed, code in (
        (other.recovery_key, "recovery_key_wrong"),
        (node.recovery_key[:-1], "recovery_key_unreadable"),
    ):
        assert new.run("restore", str(target), typed=[typed]).exception.code == code
    assert node.run("restore", str(target), typed=[node.recovery_key]).exception.code == "restore_not_empty"
    new.config.write_text(other.config.read_text("utf-8"), "utf-8")
    assert new.run("restore", str(target), typed=[node.recovery_key]).exception.code == "other_node"
    assert not (new.folder / "data").exists()


def test_people_are_added_by_administrators_who_prove_themselves(node):
    added = node.do("people", "add", "李娜", "--role", "reader", "--by", node.admin, typed=[PIN])
    assert added["roles"] == ["reader"]
    wrong = node.run("people", "add", "王强", "--by", node.admin, typed=[OTHER_PIN])
    assert isinstance(wrong.exception, RuleRefused) and wrong.exception.code == "pin_wrong"
    node.do("people", "pin", added["id"], "--by", node.admin, typed=[PIN, OTHER_PIN])
    refused = node.run("people", "add", "王强", "--by", added["id"], typed=[OTHER_PIN])
    assert refused.exception.code == "not_allowed"
    node.do("people", "card", added["id"], "04A1B2C3", "--by", node.admin, typed=[PIN])
    node.do("people", "revoke", added["id"], "--by", node.admin, typed=[PIN])
    assert [one["active"] for one in node.do("people", "list") if one["id"] == added["id"]] == [False]
    shown = node.run("trace", "show", "--limit", "100").stdout
    assert "李娜" not in shown and "04A1B2C3" not in shown and OTHER_PIN not in shown


def test_verbs_go_through_the_running_node_and_need_no_lock(node):
    keys = read_keys(node.folder / "keys")
    node_id = node.do("trace", "show", "--limit", "1")[0]["node"]
    run_dir = node.folder / "run"
    run_dir.mkdir(exist_ok=True)
    path = node.folder / "data" / DATABASE_FILE
    with Database.open(path, keys.database, clock=SystemClock(), node_id=node_id) as database:
        verbs = control_verbs(database, People(database, keys.site), keys)
        server = ControlServer(run_dir / SOCKET, verbs)
        try:
            added = node.do("people", "add", "李娜", "--by", node.admin, typed=[PIN])
            assert People(database, keys.site).get(added["id"]).name == "李娜"
            assert node.do("backup", str(node.folder / "usb"))["seq"] >= 4
            assert node.do("trace", "verify")["good"]
            wrong = node.run("people", "add", "王强", "--by", node.admin, typed=[OTHER_PIN])
            assert isinstance(wrong.exception, RuleRefused) and wrong.exception.code == "pin_wrong"
        finally:
            server.close()
        busy = node.run("people", "add", "王强", "--by", node.admin, typed=[PIN])
        assert busy.exception.code == "in_use" and busy.exception.params["pid"] == str(os.getpid())


def test_without_its_key_the_store_refuses_and_says_how_to_recover(node):
    (node.folder / "keys" / "database.key").unlink()
    result = node.run("trace", "verify")
    assert (result.exception.code, result.exception.recovery) == ("key_missing", "bring_database_key")
    (node.folder / "keys" / "database.key").write_text("00" * 32, "ascii")
    assert node.run("trace", "verify").exception.code == "wrong_key"


def test_every_verb_has_help_with_an_example():
    groups = [command for command in COMMANDS if hasattr(command, "commands")]
    every = [*COMMANDS, *(verb for group in groups for verb in group.commands.values())]
    for verb in every:
        assert "Example: storeroom " in verb.help, verb.name
    assert CONFIG_OPTION is not None
