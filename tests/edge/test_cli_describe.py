"""Describing, sealing and correcting as a person types it, on a store that no node holds."""

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from edge import cli_archive, cli_correct, cli_describe, cli_shelve, cli_site
from edge.cli_upkeep import upkeep_command
from edge.config import load
from edge.control import SOCKET, ControlServer
from edge.errors import InputRefused, RuleRefused
from edge.store import box_places
from edge.store.connection import connect
from edge.store.keys import read_keys
from edge.store.people import People
from tests.edge.fresh_node import PIN, add_person, begun, bring_in, opened

COMMANDS = {one.name: one for file in (cli_correct, cli_describe, cli_shelve, cli_site) for one in file.COMMANDS}


@pytest.fixture
def config_path(tmp_path: Path) -> Path:
    path, admin = begun(tmp_path)
    with opened(path) as database:
        layout = load(path).block
        database.write(lambda change: box_places.make_slots(change, layout, admin))
    for one, role in (("linna", "archivist"), ("wang", "archivist"), ("root", "system_admin")):
        add_person(path, admin, one, one, (role,))
    return path


@pytest.fixture
def run(config_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setenv("STOREROOM_LANG", "zh-Hans")

    def run(verb: str, *args: str, by: str = "linna") -> Result:
        done = CliRunner().invoke(COMMANDS[verb], [*args, "--by", by, "--config", str(config_path)], input=PIN + "\n")
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done

    return run


ITEM = ("--set", "title=关于会议的通知", "--set", "date=20110315", "--set", "pages=4", "--set", "retention=永久")


def test_from_an_empty_store_to_a_sealed_year_and_a_correction(run):
    fonds = {"name": "水务局", "unit": "水务局", "start_date": "1958", "responsible": "水务局", "custody": "办公室"}
    run("describe", "fonds", "Z109", *(part for name, value in fonds.items() for part in ("--set", f"{name}={value}")))
    of = json.loads(run("describe", "series", "Z109", "文书档案", "--json").stdout)["id"]
    run("describe", "box", "Z109", "12")
    first = run("describe", "item", of, *ITEM, "--box", "12")
    assert "Z109-WS·2011-Y-0001" in first.output and "临时" in first.output
    assert "已有别的保管期限" in run("describe", "item", of, *ITEM[:-1], "retention=D30", "--box", "12").output
    assert "Z109-WS·2011-D30-0001" in run("merge", "Z109-WS·2011·Y-1").output
    with pytest.raises(RuleRefused):
        run("seal", of, "2011", "--seal")
    assert "已审核" in run("seal", of, "2011", "--review", by="wang").output
    assert "已封定" in run("seal", of, "2011", "--seal").output
    assert "页数" in run("correct", "Z109-WS.2011-Y-0001", "--set", "pages=5", "--reason", "漏数一页").output
    assert "4 → 5  漏数一页  linna" in run("correct", "Z109-WS.2011-Y-0001").output
    assert "已作废" in run("void", "Z109-WS·2011-D30-0001", "--reason", "重复著录").output
    with pytest.raises(InputRefused) as error:
        run("correct", "nowhere", "--set", "pages=5")
    assert error.value.code == "record_unknown"


def test_the_running_node_does_it_and_the_fonds_file_collects_its_papers(run, config_path):
    node = load(config_path).node
    with opened(config_path) as database:
        people = People(database, read_keys(node.keys_dir).site)
        verbs = cli_archive.control_verbs(database, load(config_path).block, people)
        server = ControlServer(node.run_dir / SOCKET, verbs)
        try:
            told = ("--set", "name=局", "--set", "unit=局", "--set", "start_date=1958")
            run("describe", "fonds", "Z1", *told, "--set", "responsible=局", "--set", "custody=局")
            paper = ("--set", "title=2011 年整理说明", "--set", "date=20120301")
            run("describe", "fonds-file", "Z1", "arrangement", *paper)
            assert "2011 年整理说明" in run("describe", "fonds-file", "Z1").output
            run("describe", "series", "Z1", "客户", "--by-what", "case", "--rule", "case", "--category", "KH")
            of = json.loads(run("describe", "series", "Z1", "--list", "--json").stdout)["series"][0]["id"]
            assert "KH0001" in run("describe", "case", of, "城东水厂").output
            assert "KH0001-0001" in run("describe", "item", of, *ITEM, "--case", "KH0001").output
            closed = run("describe", "case", "KH0001", "--close", "cooperation_ended", "--on", "20240630")
            assert "1 件从 20240630 起算" in closed.output
        finally:
            server.close()


def test_boxes_are_put_away_moved_back_and_the_site_keeps_its_own_tables(run, config_path):
    fonds = ("--set", "name=局", "--set", "unit=局", "--set", "start_date=1958", "--set", "responsible=局")
    run("describe", "fonds", "Z1", *fonds, "--set", "custody=局")
    for number in ("1", "2"):
        run("describe", "box", "Z1", number, "--thickness", "30")
    assert "B1-A-01-R-01-1-01" in run("shelve", "suggest", "1").output
    put = run("shelve", "put", "B1-A-03-R-02-4-17", "1", "2").output
    assert "1 号盒 → B1-A-03-R-02-4-17" in put and "2 号盒 → B1-A-03-R-02-4-18" in put
    assert "2/18 盒" in run("shelve", "room", "B1-A-03-R-02-4").output
    run("shelve", "put", "1", "B1-A-03-R-02-4-01")
    assert "B1-A-03-R-02-4-01 → B1-A-03-R-02-4-17" in run("shelve", "history", "1", "--put-back").output
    with pytest.raises(InputRefused, match="half_a_placing"):
        run("shelve", "put", "1")
    told = ["put", "B1-A-03-R-02-4-05", "2", "nonsense", "1", "--by", "linna", "--config", str(config_path)]
    done = CliRunner().invoke(cli_shelve.shelve, told, input=PIN + "\n")
    assert "2 号盒 → B1-A-03-R-02-4-05" in done.output and "1 个没有处理" in done.output
    assert isinstance(done.exception, InputRefused) and done.exception.code == "box_unknown"
    weak = run("shelve", "limits", "B1-A-03-R-02-4", "--width", "870", "--load", "2").output  # 2.8 kg stand there
    assert "宽 870，高 330" in weak and "限 2" in weak and "取下几盒" in weak
    with pytest.raises(RuleRefused):
        run("site", "category", "IS", "信息系统")
    run("site", "category", "IS", "信息系统", by="root")
    run("site", "retention", "D15", "--years", "15", "--counts-from", "event", by="root")
    run("site", "secret-level", "trade", "行业秘密", "--clearance", "confidential", by="root")
    run("site", "fonds-people", "Z1", "wang", by="root")
    shown = run("site", "list").output
    assert "IS 信息系统" in shown and "D15 15" in shown and "核心商密" in shown and "行业秘密" in shown
    with pytest.raises(RuleRefused) as error:
        run("describe", "series", "Z1", "系统", "--category", "IS")
    assert error.value.code == "fonds_closed_to_you"
    of = json.loads(run("describe", "series", "Z1", "系统", "--category", "IS", "--json", by="wang").stdout)["id"]
    assert "Z1-IS·2011-D15-0001" in run("describe", "item", of, *ITEM[:-1], "retention=15年", by="wang").output


def test_what_a_list_brought_is_gone_on_with_and_each_act_asks_for_the_pin_once(run, config_path):
    bring_in(config_path, "档号,题名,盒号\nZ109-WS·2011-Y-0001,通知,1\nZ109-WS·2011-Y-0004,函,1\nKH0003,客户,3\n")
    assert "Z109-WS·2011-Y-0001" in run("describe", "series", "Z109", "--found").output
    series = json.loads(run("describe", "series", "Z109", "文书", "--adopt", "--json").stdout)["id"]
    assert "缺号 2–3" in run("seal", series).output
    run("describe", "box", "Z109", "9")
    run("correct", "Z109-WS·2011-Y-0004", "--box", "9", "--reason", "放错了盒")
    assert "1 → 9" in run("correct", "z109-ws.2011.y-4").output
    cases = ("--by-what", "case", "--rule", "case", "--category", "KH", "--json")
    kind = json.loads(run("describe", "series", "Z109", "客户", *cases).stdout)["id"]
    run("describe", "checklist", kind, "合同", "营业执照")
    assert "KH0004" in run("describe", "case", kind, "某某公司").output
    ticked = run("describe", "case", "KH0004", "--tick", "1").output
    assert "已有 1. 合同" in ticked and "缺 2. 营业执照" in ticked
    assert "件号" in run("site", "headings", "Z109", "files", "2000", by="root").output


def test_what_was_changed_outside_is_listed_and_accepted_with_a_reason_in_the_trace(run, config_path):
    def night() -> Result:
        return CliRunner().invoke(upkeep_command, ["--now", "--config", str(config_path)])

    fonds = ("name=水务局", "unit=水务局", "start_date=1958", "responsible=水务局", "custody=办公室")
    run("describe", "fonds", "Z109", *(part for one in fonds for part in ("--set", one)))
    assert night().exit_code == 0
    assert "没有在系统之外改动的记录" in run("outside").output
    config = load(config_path)
    with closing(connect(config.node.data_dir / "storeroom.db", read_keys(config.node.keys_dir).database)) as db:
        db.execute("UPDATE fonds SET name = '别的局'")
    told = night()
    assert told.exit_code == 1 and "Z109”的内容在系统之外被改动" in told.output
    assert "“Z109”在系统之外被改动" in run("outside").output
    with pytest.raises(RuleRefused):
        run("outside", "--accept")
    assert "已接受 1 处" in run("outside", "--accept", "--reason", "已与全宗卷核对").output
    assert night().exit_code == 0


def test_a_correction_that_mixes_a_box_says_so(run):
    fonds = ("name=水务局", "unit=水务局", "start_date=1958", "responsible=水务局", "custody=办公室")
    run("describe", "fonds", "Z109", *(part for one in fonds for part in ("--set", one)))
    of = json.loads(run("describe", "series", "Z109", "文书档案", "--json").stdout)["id"]
    run("describe", "box", "Z109", "12")
    for title in ("甲", "乙"):
        run("describe", "item", of, "--set", f"title={title}", *ITEM[2:], "--box", "12")
    assert "已有" not in run("correct", "Z109-WS·2011-Y-0001", "--set", "pages=5", "--reason", "漏数").output
    assert (
        "已有别的保管期限" in run("correct", "Z109-WS·2011-Y-0001", "--set", "retention=D30", "--reason", "定错").output
    )
