"""Digitisation batches: no step before its turn, nobody checks their own work, nothing is closed with anything open."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.domain import access, batches
from edge.domain.batches import STEPS, Done
from edge.domain.people import Person
from edge.errors import InputRefused, RuleRefused, StoreError
from edge.workflows import close_batch, digitise
from edge.workflows import digitise_batch as flow
from tests.edge.page_desk import page


def steps(scene, *names, defects=0):
    for name in names:
        flow.record_step(scene.room, scene.archivist, "一批", name, "王芳", 10, defects)


def close(scene, despite="", person=None):
    close_batch.close(scene.room, person or scene.archivist, "一批", despite)


def digitised(scene, item_id, *pages):
    """Each page under the document camera, for its item and number."""
    for number in pages:
        scene.room.page_reader.lying = page(f"第{number}页")
        digitise.take_page(scene.room, scene.archivist, item_id, number)


def through(scene, item_id, pages, person=None):
    """Out, seven steps, and back as it left."""
    flow.send(scene.room, person or scene.archivist, "一批", item_id, pages)
    steps(scene, *STEPS)
    flow.take_back(scene.room, person or scene.archivist, "一批", item_id, pages, True)


@pytest.fixture
def batch(scene):
    return flow.open_batch(scene.room, scene.archivist, " 一批 ", "某某公司")


def test_a_batch_from_the_shelf_and_back(scene, batch):
    flow.send(scene.room, scene.archivist, "一批", scene.items[0], 12)
    assert scene.room.catalogue.item(scene.items[0]).state == "out"
    with pytest.raises(RuleRefused, match="item_is_out"):
        flow.send(scene.room, scene.archivist, "一批", scene.items[0], 12)
    with pytest.raises(RuleRefused, match="batch_steps_open"):
        close(scene)
    steps(scene, *STEPS)
    with pytest.raises(RuleRefused, match="batch_items_out"):
        close(scene)
    assert flow.take_back(scene.room, scene.archivist, "一批", scene.items[0], 11, True) is False
    with pytest.raises(RuleRefused, match="batch_differs"):
        close(scene)
    flow.take_back(scene.room, scene.archivist, "一批", scene.items[0], 12, True, "第7页夹在别处，已找回")
    close(scene, "其余不再扫描")
    assert scene.room.catalogue.item(scene.items[0]).state == "shelved"
    said = flow.register(scene.room, scene.archivist, "一批")
    assert (said.batch.state, said.sent[0].pages_in, len(said.done)) == ("closed", 12, 7)
    with pytest.raises(RuleRefused, match="batch_closed"):
        flow.send(scene.room, scene.archivist, "一批", scene.items[1], 3)


def test_what_has_begun_takes_nothing_more_along_that_nobody_would_check(scene, batch):
    with pytest.raises(RuleRefused, match="batch_empty"):
        steps(scene, "unbind")
    flow.send(scene.room, scene.archivist, "一批", scene.items[0], 12)
    steps(scene, "unbind")
    with pytest.raises(RuleRefused, match="batch_under_way"):
        flow.send(scene.room, scene.archivist, "一批", scene.items[1], 3)
    assert scene.room.catalogue.item(scene.items[1]).state == "shelved"


def test_a_faulty_step_is_done_again_with_all_that_followed(scene, batch):
    flow.send(scene.room, scene.archivist, "一批", scene.items[0], 12)
    with pytest.raises(RuleRefused, match="step_before_missing"):
        steps(scene, "scan")
    steps(scene, "unbind", "scan", "process")
    steps(scene, "scan", defects=2)
    with pytest.raises(RuleRefused, match="step_before_missing"):
        steps(scene, "process")
    steps(scene, "scan", "process")
    said = flow.register(scene.room, scene.archivist, "一批")
    assert [one.round for one in said.done if one.step == "scan"] == [1, 2, 3]
    assert said.next_steps[-1] == "describe"
    bodies = [json.loads(event.body) for event in scene.room_events("batch.step")]
    assert {"step": "scan", "round": 2, "defects": 2}.items() <= next(one for one in bodies if one["defects"]).items()


def test_nobody_checks_their_own_work_and_counts_must_make_sense(scene, batch):
    flow.send(scene.room, scene.archivist, "一批", scene.items[0], 12)
    with pytest.raises(RuleRefused, match="checked_by_worker"):
        flow.record_step(scene.room, scene.archivist, "一批", "unbind", scene.archivist.name, 1, 0)
    for count, defects in ((1, 2), (-1, 0), (0, 0)):  # whoever looked at nothing did not check
        with pytest.raises(InputRefused, match="step_counts"):
            flow.record_step(scene.room, scene.archivist, "一批", "unbind", "王芳", count, defects)
    with pytest.raises(RuleRefused, match="not_allowed"):
        flow.record_step(scene.room, scene.reader, "一批", "unbind", "王芳", 1, 0)
    with pytest.raises(StoreError, match="conflict"):
        flow.open_batch(scene.room, scene.archivist, "一批")


def test_what_is_above_ones_clearance_is_left_out_of_the_register(scene, batch):
    cleared = Person("p-cleared", "周敏", "档案室", ("archivist", "cleared_secret"), True)
    flow.send(scene.room, cleared, "一批", scene.secret_item, 4)
    assert flow.register(scene.room, scene.archivist, "一批").sent == []
    assert len(flow.register(scene.room, cleared, "一批").sent) == 1
    assert [event.level for event in scene.room_events("batch.sent")] == ["secret"]
    with pytest.raises(InputRefused, match="record_unknown"):
        flow.take_back(scene.room, scene.archivist, "一批", scene.secret_item, 4, True)


def test_a_batch_is_not_closed_while_a_page_that_left_with_it_is_not_digitised(scene, batch):
    through(scene, scene.items[0], 5)
    digitised(scene, scene.items[0], 1, 3)
    with pytest.raises(RuleRefused, match="batch_pages_missing") as refused:
        close(scene)
    assert refused.value.params == {"count": 3, "which": "A001-WS·2011·Y-0001: 2, 4-5"}
    digitised(scene, scene.items[0], 2, 4, 5)
    close(scene)
    said = flow.register(scene.room, scene.archivist, "一批")
    assert (said.batch.closed_by, said.batch.despite, said.sent[0].undigitised) == (scene.archivist.id, "", "")


def test_pages_that_never_will_be_digitised_are_let_go_with_a_reason_in_trace_and_register(scene, batch):
    through(scene, scene.items[0], 3)
    digitised(scene, scene.items[0], 1)
    with pytest.raises(InputRefused, match="reason_missing"):
        close(scene, "空")
    close(scene, "第2、3页为空白页")
    said = flow.register(scene.room, scene.archivist, "一批")
    assert (said.batch.despite, said.sent[0].undigitised) == ("第2、3页为空白页", "2-3")
    (of_item,) = scene.room_events("batch.undigitised")
    assert of_item.subject == scene.items[0]
    assert json.loads(of_item.body).items() >= {"which": "2-3", "reason": "第2、3页为空白页"}.items()
    (closed,) = scene.room_events("batch.closed")
    assert json.loads(closed.body).items() >= {"missing": 2, "reason": "第2、3页为空白页"}.items()


def test_only_who_may_review_lets_pages_go(scene, batch, monkeypatch):
    monkeypatch.setitem(access.RIGHTS, "scan_clerk", frozenset({"digitise"}))
    clerk = Person("p-clerk", "吴倩", "外包", ("scan_clerk",), True)
    through(scene, scene.items[0], 1)
    with pytest.raises(RuleRefused, match="not_allowed"):
        close(scene, "第1页为空白页", clerk)
    digitised(scene, scene.items[0], 1)
    close(scene, person=clerk)
    assert flow.register(scene.room, scene.archivist, "一批").batch.state == "closed"


def test_what_is_above_ones_clearance_is_counted_but_not_named(scene, batch):
    cleared = Person("p-cleared", "周敏", "档案室", ("archivist", "cleared_secret"), True)
    through(scene, scene.secret_item, 4, cleared)
    with pytest.raises(RuleRefused, match="batch_pages_missing") as refused:
        close(scene)
    assert refused.value.params == {"count": 4, "which": "…"}
    close(scene, "涉密，另行数字化")
    assert [event.level for event in scene.room_events("batch.undigitised")] == ["secret"]


@given(st.lists(st.tuples(st.sampled_from(STEPS), st.booleans()), max_size=30))
def test_whatever_is_tried_a_step_stands_only_on_passed_steps(tried):
    done: list[Done] = []
    for step, good in tried:
        try:
            batches.require_step(done, step, "甲", "乙", 0 if good else 1, 5)
        except RuleRefused:
            continue
        done.append(Done(step, 1, "甲", "乙", 5, 0 if good else 1, "", len(done)))
        standing = batches.standing(done)
        reached = [name for name in STEPS if name in standing]
        assert reached == list(STEPS[: len(reached)])
        assert all(standing[name].passed for name in reached[:-1])
