"""``storeroom batch`` as people type it: out, checked, back, shown, on paper, closed."""

import json
from functools import partial

import pytest

from edge import cli_batch, cli_print
from edge.errors import InputRefused, RuleRefused
from tests.edge.panel.conftest import PIN
from tests.edge.paper import rendered
from tests.edge.typed_at_node import answering, typed


def verbs(desk):
    people = desk.room.people
    return {**cli_batch.control_verbs(desk.room), **cli_print.control_verbs(desk.room.database, people)}


@pytest.fixture
def desk(tmp_path, database, clock):
    with answering(tmp_path, database, clock, verbs) as desk:
        who = desk.people["security"].id
        database.write(lambda change: desk.room.people.set_pin(change, desk.people["reader"].id, PIN, actor=who))
        yield desk


@pytest.fixture
def run(desk, tmp_path, monkeypatch):
    monkeypatch.setenv("STOREROOM_LANG", "zh-Hans")
    return partial(typed, desk, tmp_path, cli_batch.batch_group)


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
