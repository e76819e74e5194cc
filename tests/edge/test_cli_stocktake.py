"""``storeroom stocktake`` as people type it: counted from a scanner's file, signed by two, printed, approved."""

import json
from functools import partial

import pytest

from edge import cli_stocktake, cli_stocktake_verbs
from edge.errors import InputRefused, RuleRefused
from edge.store import box_places
from tests.edge.panel.conftest import PIN
from tests.edge.paper import rendered
from tests.edge.typed_at_node import answering, typed

BAY = "B1-A-03-R-02"  # 32 slots; box 0007 belongs in 4-07


@pytest.fixture
def desk(tmp_path, database, clock):
    with answering(tmp_path, database, clock, lambda desk: cli_stocktake_verbs.control_verbs(desk.room)) as desk:

        def hire(change):
            first, second = desk.people["security"].id, desk.people["auditor"].id
            for who, name in (("second", "周岚"), ("third", "吴敏")):
                made = desk.room.people.add(change, name, roles=("archivist",), by=(first, second))
                desk.room.people.set_pin(change, made.id, PIN, actor=first)
                desk.people[who] = made

        database.write(hire)
        yield desk


@pytest.fixture
def run(desk, tmp_path, monkeypatch):
    monkeypatch.setenv("STOREROOM_LANG", "zh-Hans")
    return partial(typed, desk, tmp_path, cli_stocktake.stocktake_group)


def scans(desk, boxes, leave_out=()):
    """A scanner's file of the whole bay: slot, box or the slot again."""
    lines = []
    for level in range(1, 5):
        for position in range(1, 9):
            slot = f"{BAY}-{level}-{position:02d}"
            if slot not in leave_out:
                lines += [slot, boxes.get((level, position), slot)]
    return "\n".join(lines)


def test_from_the_scanners_file_to_the_signed_sheet_on_paper_and_the_approved_index(desk, run, tmp_path):
    stranger = desk.room.catalogue.box(desk.boxes["0021"])
    assert run("begin", "rolling", "--bay", BAY).exit_code == 0
    file = tmp_path / "scans.txt"
    file.write_text("garbage\n" + scans(desk, {(1, 2): stranger.label}, leave_out=(f"{BAY}-1-01",)), "utf-8")
    first = run("count", "last", BAY, "--scans", file)
    assert first.exit_code == 1 and "第 1 行“garbage”" in first.stderr and f"{BAY}-1-01" in first.stdout
    assert "0007" not in first.output, "blind: nothing says what should be there"
    assert "差异 2 条" in run("count", "last", BAY, "--empty", f"{BAY}-1-01").stdout
    shown = run("sheet", "last").stdout
    assert "错架" in shown and "缺" in shown and "签字 1：＿" in shown
    assert isinstance(run("approve", "last", 2, by="third").exception, RuleRefused), "not signed yet"
    assert "李文清" in run("sign", "last").stdout
    desk.clock.advance(60_000)
    assert "周岚" in run("sign", "last", by="second").stdout
    refused = run("approve", "last", 2).exception
    assert isinstance(refused, RuleRefused) and refused.code == "counted_it_yourself"
    assert "已改目录" in run("approve", "last", 2, by="third").stdout
    assert desk.room.catalogue.box(desk.boxes["0007"]).slot is None
    assert "已归位" in run("put-right", "last", 1, stranger.label, "B1-A-06-L-01-2-03").stdout
    done = run("sheet", "last", "--out", tmp_path / "盘点差异表.pdf")
    assert done.exit_code == 0, (done.output, done.exception)
    pdf = (tmp_path / "盘点差异表.pdf").read_bytes()
    (text,) = rendered.words(pdf)
    assert all(words in text for words in ("盘点差异表", "账面", "实盘", "B1-A-06-L-01-2-03", "0007", "未见"))
    for words in ("已改目录", "吴敏", "签字1：李文清", "签字2：周岚"):
        assert words in text
    assert rendered.size_mm(pdf) == (297, 210) and rendered.embedded_fonts(pdf) == 1
    assert run("sheet", "last", "--out", tmp_path / "a.csv").exit_code == 0
    rows = (tmp_path / "a.csv").read_text("utf-8-sig").splitlines()
    assert rows[0].startswith("序号,储位,全宗号") and len(rows) == 3
    printed = [json.loads(event.body) for event in desk.events("print.made")]
    assert {(body["what"], body["pages"], body["listed"]) for body in printed} == {
        ("stocktake.sheet", 0, 2),
        ("stocktake.sheet", 1, 2),
    }


def test_a_sampled_box_is_opened_and_an_approval_corrects_its_pages(desk, run, tmp_path):
    item = desk.room.catalogue.items_in_box(desk.boxes["0007"])[0]
    pages = "UPDATE item SET pages = 9 WHERE id = ?"
    desk.database.write(lambda change: change.db.execute(pages, (item.id,)), telemetry=True)
    assert run("begin", "sample", "--boxes", 2).exit_code == 0
    listed = run("box", "last", "7").stdout.split()
    assert len(listed) == 5 and listed[0] == f"{item.ref_code},"
    file = tmp_path / "box.csv"
    file.write_text("\n".join([f"{listed[0]}8", f"{listed[1]}缺", *(f"{line}在" for line in listed[2:])]), "utf-8")
    assert "差异 2 条" in run("box", "last", "7", "--counted", file).stdout
    file.write_text(f"{listed[0]}eight", "utf-8")
    wrong = run("box", "last", "7", "--counted", file).exception
    assert isinstance(wrong, InputRefused) and wrong.code == "counted_line_unread"
    file.write_text("\n".join(run("box", "last", "0021").stdout.replace(",", ",在").split()), "utf-8")
    assert "差异 0 条" in run("box", "last", "0021", "--counted", file).stdout
    run("sign", "last")
    run("sign", "last", by="second")
    shown = run("sheet", "last").stdout
    line = next(text.split()[0] for text in shown.splitlines() if "9 页" in text and "8 页" in text)
    assert "已改目录" in run("approve", "last", line, by="third").stdout
    assert desk.room.catalogue.item(item.id).pages == 8


def test_both_lines_of_boxes_in_each_others_places_are_approved_in_one_go(desk, run, tmp_path):
    other = f"{BAY}-1-01"
    write, catalogue = desk.database.write, desk.room.catalogue
    write(lambda change: box_places.place_box(change, desk.boxes["0021"], other, "a", "test"))
    run("begin", "rolling", "--bay", BAY)
    file = tmp_path / "scans.txt"
    stand = {(1, 1): catalogue.box(desk.boxes["0007"]).label, (4, 7): catalogue.box(desk.boxes["0021"]).label}
    file.write_text(scans(desk, stand), "utf-8")
    run("count", "last", BAY, "--scans", file)
    run("sign", "last")
    run("sign", "last", by="second")
    done = run("approve", "last", 1, 2, by="third")
    assert done.exit_code == 0 and done.stdout.count("已改目录") == 2, (done.output, done.exception)
    assert [catalogue.box(desk.boxes[no]).slot for no in ("0007", "0021")] == [other, f"{BAY}-4-07"]


def test_a_list_says_what_is_due_and_that_this_week_nothing_was_sampled(desk, run):
    assert "本周还没有抽查" in run("list").stdout
    run("begin", "sample")
    told = run("list", "--json").stdout
    assert not json.loads(told[told.index("{") :])["sample_due"]
    refused = run("sheet", "no-such-stocktake").exception
    assert isinstance(refused, InputRefused) and refused.code == "stocktake_unknown"


def test_pictures_count_only_from_after_the_aisle_stood_open(desk, run, tmp_path):
    (tmp_path / "bay.jpg").write_bytes(b"\xff\xd8 a picture \xff\xd9")
    run("begin", "rolling", "--bay", BAY)
    refused = run("count", "last", BAY, "--picture", tmp_path / "bay.jpg").exception
    assert isinstance(refused, RuleRefused) and refused.code == "aisle_not_open"
    assert "可以搬动" in run("count", "last", BAY, "--give-up").stdout
