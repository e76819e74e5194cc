"""``storeroom-bench``: what a technician types, and what is said when it cannot be done."""

import socket

import click
import pytest
from click.testing import CliRunner

from edge.store.begin import DATABASE_FILE
from hardware_tests.cli import cli
from hardware_tests.virtual.demo_setup import Places, first_set_up, set_up_node


def run(*args):
    return CliRunner().invoke(cli, list(args))


def test_the_commands_are_those_of_the_manual():
    commands = ("demo", "test", "inject", "commission", "stops")
    assert set(commands) <= set(cli.commands)
    for name in commands:
        assert "Example:" in run(name, "--help").output


def test_injecting_a_fault_without_a_running_demo_says_what_to_start():
    done = run("inject", "welded_contactor", "column=4", "--room-port", "1")
    assert done.exit_code == 1
    assert "start storeroom-bench demo first" in done.output


def test_a_station_or_a_folder_that_is_not_there_is_named(tmp_path):
    missing = run("test", "--bench", str(tmp_path / "room.toml"))
    assert missing.exit_code == 2 and "no station file" in missing.output
    (tmp_path / "file").touch()
    ports = [one for name in ("port", "central-port", "room-port") for one in (f"--{name}", str(free_port()))]
    refused = run("demo", "--data", str(tmp_path / "file"), *ports)
    assert refused.exit_code == 1 and "choose another --data" in refused.output


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_fault_value_without_a_name_is_refused():
    done = run("inject", "welded_contactor", "4")
    assert done.exit_code == 2
    assert "'4' is not name=value" in done.output


def test_a_set_up_that_fails_is_said_in_one_sentence(tmp_path):
    with pytest.raises(click.ClickException) as failed:
        set_up_node(Places(tmp_path, tmp_path))  # no node.toml was written
    assert str(failed.value).startswith("storeroom import failed:") and "node.toml" in str(failed.value)


def test_a_first_set_up_that_was_cut_off_is_begun_anew_and_a_whole_one_is_left_alone(tmp_path):
    places = Places(tmp_path, tmp_path)
    store = places.data / DATABASE_FILE
    with pytest.raises(KeyboardInterrupt), first_set_up(places):
        places.data.mkdir()
        store.write_text("half of it", "utf-8")
        raise KeyboardInterrupt
    with first_set_up(places):
        assert not places.data.exists()
        places.data.mkdir()
        store.write_text("all of it", "utf-8")
    with first_set_up(places):
        assert store.read_text("utf-8") == "all of it"
