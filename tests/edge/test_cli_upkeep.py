"""``storeroom upkeep`` as a technician types it, with and without a running node."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from edge.cli_node import opened
from edge.cli_upkeep import built, control_verbs, upkeep_command
from edge.config import Config, load
from edge.control import SOCKET, ControlServer
from edge.domain.records import NewItem
from edge.store.catalogue import Catalogue
from tests.edge.fresh_node import begun


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    monkeypatch.setenv("STOREROOM_LANG", "zh-Hans")
    monkeypatch.setenv("STOREROOM_CONFIG", str(tmp_path / "node.toml"))
    return load(begun(tmp_path)[0])


def run(*args: str) -> Result:
    return CliRunner().invoke(upkeep_command, list(args), catch_exceptions=False)


def test_before_the_first_night_it_says_so(config: Config) -> None:
    said = run()
    assert said.exit_code == 0 and said.output.count("还没有查过") == 4


def test_a_finding_is_named_and_the_exit_code_tells_a_script(config: Config) -> None:
    assert run("--now").exit_code == 0
    with opened(config) as (database, _keys):
        catalogue = Catalogue(database)
        database.write(lambda change: catalogue.add_fonds(change, "Z1", "", "p"))
        item = database.write(lambda change: catalogue.add_item(change, NewItem("Z1", "会议纪要"), actor="p"))
        database.write(lambda change: change.db.execute("UPDATE item SET title = '别的'"), telemetry=True)
        kept = catalogue.item(item)
    said = run("--now")
    assert said.exit_code == 1 and kept is not None
    assert "目录数据：发现问题" in said.output and f"{kept.label} 原先搜不全，索引已重写" in said.output
    assert run().exit_code == 1
    assert run("--now").exit_code == 0


def test_a_running_node_is_asked_and_does_it_itself(config: Config) -> None:
    with opened(config) as (database, keys):
        verbs = control_verbs(built(config, database, keys, lambda: True))
        server = ControlServer(config.node.run_dir / SOCKET, verbs)
        try:
            said = run("--now")
        finally:
            server.close()
    assert said.exit_code == 0 and said.output.count("正常") == 4
