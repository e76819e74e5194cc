"""Digitisation batches: no step before its turn, nobody checks their own work, nothing is closed with anything open."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.domain import batches
from edge.domain.batches import STEPS, Done
from edge.domain.people import Person
from edge.errors import InputRefused, RuleRefused, StoreError
from edge.workflows import digitise_batch as flow


def steps(scene, *names, defects=0):
    for name in names:
        flow.record_step(scene.room, scene.archivist, "一批", name, "王芳", 10, defects)


@pytest.fixture
def batch(scene):
    return flow.open_batch(scene.room, scene.archivist, " 一批 ", "某某公司")


def test_a_batch_from_the_shelf_and_back(scene, batch):
    flow.send(scene.room, scene.archivist, "一批", scene.items[0], 12)
    assert scene.room.catalogue.item(scene.items[0]).state == "out"
    with pytest.raises(RuleRefused, match="item_is_out"):
        flow.send(scene.room, scene.archivist, "一批", scene.items[0], 12)
    with pytest.raises(RuleRefused, match="batch_steps_open"):
        flow.close(scene.room, scene.archivist, "一批")
    steps(scene, *STEPS)
    with pytest.raises(RuleRefused, match="batch_items_out"):
        flow.close(scene.room, scene.archivist, "一批")
    assert flow.take_back(scene.room, scene.archivist, "一批", scene.items[0], 11, True) is False
    with pytest.raises(RuleRefused, match="batch_differs"):
        flow.close(scene.room, scene.archivist, "一批")
    flow.take_back(scene.room, scene.archivist, "一批", scene.items[0], 12, True, "第7页夹在别处，已找回")
    flow.close(scene.room, scene.archivist, "一批")
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
