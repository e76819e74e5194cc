import pytest

from edge.domain.records import NewItem
from edge.errors import RuleRefused, StoreError
from edge.store.search import Search
from edge.workflows import correct, describe, seal
from tests.edge.workflows.archive_desk import sit_down


@pytest.fixture
def desk(database):
    return sit_down(database)


@pytest.fixture
def old(desk, database):
    """An item as a list brought it."""
    new = NewItem(fonds_no="Z109", title="关于防汛的报告", ref_code="Z109-WS·2009-Y-0001", year=2009, pages=3)
    return database.write(lambda change: desk.archive.catalogue.add_item(change, new, actor="p"))


def test_a_correction_keeps_the_old_value_with_signer_date_and_reason_and_is_found_at_once(desk, database, old):
    with pytest.raises(RuleRefused) as error:
        correct.correct(desk.archive, desk.one, "item", old, {"title": "关于抗旱的报告"}, " ")
    assert error.value.code == "reason_missing"
    changed = correct.correct(desk.archive, desk.one, "item", old, {"title": "关于抗旱的报告", "pages": "3"}, "抄错")
    assert changed == ["title"]
    (kept,) = desk.archive.corrections.of(old)
    assert (kept.field, kept.old, kept.new) == ("title", "关于防汛的报告", "关于抗旱的报告")
    assert (kept.reason, kept.actor, kept.utc_ms) == ("抄错", "p-1", database.clock.utc_ms())
    find = Search(database).find
    assert find("抗旱", clearance="internal") and not find("防汛的", clearance="internal")


def test_what_was_kept_can_be_neither_changed_nor_taken_out(desk, database, old):
    correct.correct(desk.archive, desk.one, "item", old, {"title": "新"}, "抄错")
    for broken in ("UPDATE correction SET old = ''", "DELETE FROM correction"):
        with pytest.raises(StoreError):
            database.write(lambda change, broken=broken: change.db.execute(broken), telemetry=True)


def test_a_provisional_number_follows_its_year_and_retention(desk):
    of = desk.series()
    item = desk.item(of)
    assert correct.correct(desk.archive, desk.one, "item", item.id, {"retention": "10年", "year": "2012"}, "") == [
        "retention",
        "year",
    ]
    assert desk.number(item.id) == "Z109-WS·2012-D10-BGS-0001"


def test_a_mark_raises_and_lowers_who_may_see_and_internal_hides_no_secret(desk, database, old):
    from dataclasses import replace

    cleared = replace(desk.one, roles=("archivist", "cleared_secret"))
    correct.correct(desk.archive, cleared, "item", old, {"secret_mark": "core_business"}, "定密")
    assert desk.archive.descriptions.whole("item", old).secret_level == "secret"
    correct.correct(desk.archive, cleared, "item", old, {"publicity": "internal"}, "补录")
    assert desk.archive.descriptions.whole("item", old).secret_level == "secret"
    with pytest.raises(Exception, match="record_unknown"):
        correct.correct(desk.archive, desk.one, "item", old, {"title": "x"}, "不该看见")
    correct.correct(desk.archive, cleared, "item", old, {"secret_mark": ""}, "解密")
    assert desk.archive.descriptions.whole("item", old).secret_level == "internal"


def test_duplicates_are_shown_and_merged_only_after_a_person_says_so(desk, database, old):
    of = desk.series()
    twin = desk.item(of, "关于防汛的报告", responsible="办公室").id
    database.write(lambda change: desk.archive.catalogue.set_text(change, twin, 1, "水位", "ocr", 0.9, "p"))
    assert [one["id"] for one in correct.alike(desk.archive, desk.one, old)] == [twin]
    correct.merge(desk.archive, desk.one, old, twin, ["responsible"], "同一份文件")
    kept, dropped = (desk.archive.descriptions.whole("item", one) for one in (old, twin))
    assert (kept.values["responsible"], kept.state) == ("办公室", "registered")
    assert (dropped.state, dropped.merged_into, dropped.number) == ("void", old, "Z109-WS·2011-Y-BGS-0001")
    assert [page.text for page in desk.archive.catalogue.pages(old)] == ["水位"]
    assert correct.alike(desk.archive, desk.one, old) == []
    with pytest.raises(RuleRefused):
        correct.merge(desk.archive, desk.one, old, twin, [], "再一次")


def test_nothing_on_loan_is_voided_and_a_void_record_keeps_its_number(desk, database, old):
    database.write(
        lambda change: change.db.execute(
            "INSERT INTO loan (id, kind, item_id, box_id, slot, person_id, state, level, asked_ms, changed_ms)"
            " VALUES ('l', 'item', ?, 'b', 's', 'p', 'handed_over', 'internal', 1, 1)",
            (old,),
        ),
        telemetry=True,
    )
    with pytest.raises(RuleRefused) as error:
        correct.void(desk.archive, desk.one, "item", old, "误录")
    assert error.value.code == "record_on_loan"
    database.write(lambda change: change.db.execute("UPDATE loan SET state = 'reshelved'"), telemetry=True)
    correct.void(desk.archive, desk.one, "item", old, "误录")
    found = desk.archive.catalogue.item_by_ref("Z109-WS·2009·Y-1")
    assert found is not None and found.state == "void"
    with pytest.raises(RuleRefused) as error:
        correct.correct(desk.archive, desk.one, "item", old, {"title": "x"}, "y")
    assert error.value.code == "record_void"


def test_boxes_and_volumes_are_voided_when_they_are_empty(desk):
    box = describe.new_box(desk.archive, desk.one, "Z109", "7")
    item = desk.item(desk.series(), box=box.id)
    with pytest.raises(RuleRefused) as error:
        correct.void(desk.archive, desk.one, "box", box.id, "破损")
    assert error.value.code == "box_not_empty"
    other = describe.new_box(desk.archive, desk.one, "Z109", "8")
    correct.put_in_box(desk.archive, desk.one, "item", item.id, "8", "换盒")
    assert desk.archive.catalogue.item(item.id).box_id == other.id
    correct.void(desk.archive, desk.one, "box", box.id, "破损")
    assert desk.archive.catalogue.box(box.id).state == "void"
    assert {line["box_no"] for line in desk.archive.spines.to_reprint()} == {"8"}


def test_a_volume_goes_into_another_box_with_its_papers_and_mixing_is_said(desk):
    for no in ("7", "8"):
        describe.new_box(desk.archive, desk.one, "Z109", no)
    of = desk.series(arrangement="volume", number_rule="2022", category="KU", parts="year")
    told = {"title": "凭证", "start_date": "2017", "end_date": "2017", "responsible": "财务处", "retention": "D30"}
    first = describe.volume(desk.archive, desk.one, of.id, told, box="7")
    other = describe.volume(desk.archive, desk.one, of.id, {**told, "end_date": "2018", "start_date": "2018"}, box="8")
    paper = desk.item(of, volume=first.number, date="20170131", retention="D30", org="")
    assert correct.put_in_box(desk.archive, desk.one, "volume", first.id, "8", "") == ("box_mixes_years",)
    eight = desk.archive.catalogue.box_by_no("8").id
    volume = desk.archive.catalogue.volume(first.id)
    assert volume.box_id == desk.archive.catalogue.item(paper.id).box_id == eight
    (kept, *_) = correct.history(desk.archive, desk.one, "volume", first.id)
    assert (kept.field, kept.old, kept.new) == ("box", "7", "8")
    assert {line["box_no"] for line in desk.archive.spines.to_reprint()} == {"7", "8"}
    correct.void(desk.archive, desk.one, "volume", other.id, "误录")
    with pytest.raises(RuleRefused, match="record_void"):
        correct.put_in_box(desk.archive, desk.one, "volume", other.id, "7", "x")


def test_the_trace_names_what_was_corrected_by_hash_and_never_the_words(desk, database, old):
    correct.correct(desk.archive, desk.one, "item", old, {"title": "绝无此事的标题"}, "抄错")
    with database.read() as db:
        body = db.execute("SELECT body FROM event WHERE action = 'item.corrected'").fetchone()["body"].decode()
    assert "标题" not in body and '"kept"' in body


def test_a_sealed_record_is_corrected_with_a_reason(desk):
    of = desk.series()
    item = desk.item(of)
    seal.review(desk.archive, desk.other, of.id, 2011)
    seal.seal(desk.archive, desk.one, of.id, 2011)
    with pytest.raises(RuleRefused) as error:
        correct.correct(desk.archive, desk.one, "item", item.id, {"pages": "5"}, "")
    assert error.value.code == "reason_missing"
    assert correct.correct(desk.archive, desk.one, "item", item.id, {"pages": "5"}, "漏数一页") == ["pages"]


def test_within_a_sealed_volume_a_papers_own_year_is_still_corrected(desk):
    of = desk.series(arrangement="volume", number_rule="2022", category="KU", parts="year")
    told = {"title": "凭证", "start_date": "2011", "end_date": "2011", "responsible": "财务科", "retention": "D30"}
    volume = describe.volume(desk.archive, desk.one, of.id, told)
    item = desk.item(of, volume=volume.id)
    seal.review(desk.archive, desk.other, of.id, 2011)
    seal.seal(desk.archive, desk.one, of.id, 2011)
    assert correct.correct(desk.archive, desk.one, "item", item.id, {"year": "2010"}, "原件为上年") == ["year"]
    assert desk.number(item.id) == item.number
    assert desk.item(of, volume=volume.id).number.endswith("-0002")
