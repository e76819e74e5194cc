"""``storeroom batch`` as people type it: out, checked, back, shown, on paper, closed."""

import json

import pytest
from click.testing import CliRunner

from edge import cli_batch
from edge.control import SOCKET, ControlServer
from edge.errors import InputRefused, RuleRefused
from tests.edge.fresh_node import EXAMPLE
from tests.edge.panel.conftest import PIN, Desk
from tests.edge.paper import rendered


@pytest.fixture
def desk(tmp_path, database, clock):
    (tmp_path / "node.toml").write_text(EXAMPLE.read_text("utf-8"), "utf-8")
    (tmp_path / "run").mkdir()
    desk = Desk(database, tmp_path, clock)
    who = desk.people["security"].id
    database.write(lambda change: desk.room.people.set_pin(change, desk.people["reader"].id, PIN, actor=who))
    control = ControlServer(tmp_path / "run" / SOCKET, cli_batch.control_verbs(desk.room))
    yield desk
    control.close()
    desk.room.readings.close()
    desk.room.looks.close()


@pytest.fixture
def run(desk, tmp_path, monkeypatch):
    monkeypatch.setenv("STOREROOM_LANG", "zh-Hans")

    def run(*args, by="archivist"):
        texts = [*map(str, args), "--config", str(tmp_path / "node.toml"), "--by", desk.people[by].id]
        return CliRunner().invoke(cli_batch.batch_group, texts, input=f"{PIN}\n")

    return run


def test_a_batch_goes_out_comes_back_and_its_ledger_is_printed_and_recorded(desk, run, tmp_path):
    item = desk.room.catalogue.items_in_box(desk.boxes["0007"])[0]
    assert "2026-01" in run("open", "2026-01", "--contractor", "某某公司").stdout
    assert item.ref_code in run("out", "2026-01", item.ref_code, "--pages", 12).stdout
    for step, defects in (("unbind", 0), ("scan", 2)):
        run("step", "2026-01", step, "--worker", "某某公司", "--count", 12, "--defects", defects, "--note", "歪斜")
    told = json.loads(run("show", "2026-01", "--json").stdout.splitlines()[-1])
    assert [one["round"] for one in told["steps"]] == [1, 1]
    done = run("ledger", "2026-01", "--out", tmp_path / "交接台账.pdf")
    assert done.exit_code == 0, done.output
    first, second = rendered.words((tmp_path / "交接台账.pdf").read_bytes())
    assert item.ref_code in first and "出库12页" in first and "未还" in first
    assert "返工" in second and "歪斜" in second and "接收人签字" in second
    (event,) = desk.events("print.made")
    body = json.loads(event.body)
    assert (body["what"], body["listed"], body["pages"]) == ("batch.ledger", 3, 2)
    run("in", "2026-01", item.ref_code, "--pages", 12, "--bound")
    refused = run("close", "2026-01").exception
    assert isinstance(refused, RuleRefused) and refused.code == "batch_steps_open"


def test_a_ledger_that_is_not_cleared_or_of_no_batch_writes_no_file(run, tmp_path):
    run("open", "2026-01")
    out = tmp_path / "a.pdf"
    refused = run("ledger", "2026-01", "--out", out, "--clearance", "secret").exception
    assert isinstance(refused, RuleRefused) and refused.code == "export_not_cleared"
    unknown = run("ledger", "2026-09", "--out", out).exception
    assert isinstance(unknown, InputRefused) and unknown.code == "batch_unknown"
    assert run("ledger", "2026-01", "--out", out, by="reader").exception.code == "not_allowed"
    assert not out.exists()
