from collections.abc import Callable

import pytest

from edge.domain.block import Column, Layout
from edge.domain.records import Box, NewItem
from edge.errors import InputRefused, RuleRefused, StoreError
from edge.store import box_places
from edge.store.catalogue import Catalogue
from edge.store.database import Change, Database
from edge.store.trace import Trace

LAYOUT = Layout("B1-A", 3000, (Column(1, 450, True, None), Column(2, 700, False, 2)), 900, 50, 1, 2, 3)
FIRST, SECOND = "B1-A-01-R-01-1-01", "B1-A-01-R-01-1-02"


@pytest.fixture
def catalogue(database: Database) -> Catalogue:
    catalogue = Catalogue(database)
    database.write(lambda change: box_places.make_slots(change, LAYOUT, "p1"))
    database.write(lambda change: catalogue.add_fonds(change, "Z109", "住建局", "p1"))
    return catalogue


@pytest.fixture
def add_box(database: Database, catalogue: Catalogue) -> Callable[..., Box]:
    def add(box_no: str, fonds_no: str = "Z109") -> Box:
        return database.write(lambda change: catalogue.add_box(change, fonds_no=fonds_no, box_no=box_no, actor="p1"))

    return add


def last_event(database: Database) -> str:
    return Trace(database).recent(1)[0].action


def test_every_slot_gets_a_label_once(database: Database, catalogue: Catalogue) -> None:
    assert catalogue.counts()["slots"] == 18
    label = catalogue.slot_label(FIRST)
    assert label is not None and catalogue.slot_by_label(label) == FIRST
    assert database.write(lambda change: box_places.make_slots(change, LAYOUT, "p1"), telemetry=True) == 0
    assert catalogue.slot_label(FIRST) == label
    assert catalogue.slot_label("B1-A-09-R-01-1-01") is None


def test_a_box_is_found_by_label_number_and_place(
    database: Database, catalogue: Catalogue, add_box: Callable[..., Box]
) -> None:
    box = add_box("0008")
    database.write(lambda change: box_places.place_box(change, box.id, SECOND, "p1", "first_place"))
    placed = catalogue.box(box.id)
    assert placed is not None and (placed.slot, placed.home_slot, placed.state) == (SECOND, SECOND, "shelved")
    assert catalogue.box_by_label(box.label) == catalogue.box_by_no("8") == catalogue.box_in_slot(SECOND) == placed
    assert catalogue.boxes_on_face("B1-A", 1, "R") == [placed]
    assert last_event(database) == "box.placed"


def test_two_boxes_of_one_number_in_two_fonds_are_not_mixed_up(
    database: Database, catalogue: Catalogue, add_box: Callable[..., Box]
) -> None:
    database.write(lambda change: catalogue.add_fonds(change, "Z112", "", "p1"))
    add_box("8")
    add_box("8", "Z112")
    assert catalogue.box_by_no("8") is None
    with pytest.raises(StoreError) as refused:
        add_box("008")
    assert refused.value.code == "conflict"


def test_a_slot_is_nobodys_but_its_boxs_even_while_the_box_is_out(
    database: Database, catalogue: Catalogue, add_box: Callable[..., Box]
) -> None:
    box, other = add_box("1"), add_box("2")
    database.write(lambda change: box_places.place_box(change, box.id, FIRST, "p1", "first_place"))
    database.write(lambda change: box_places.take_box(change, box.id, "p1", "loan"))
    out = catalogue.box(box.id)
    assert out is not None and (out.slot, out.home_slot, out.state) == (None, FIRST, "out")
    with pytest.raises(RuleRefused) as refused:
        database.write(lambda change: box_places.place_box(change, other.id, FIRST, "p1", "mistake"))
    assert refused.value.code == "slot_taken" and refused.value.params["box_no"] == "1"
    with pytest.raises(RuleRefused) as not_there:
        database.write(lambda change: box_places.take_box(change, box.id, "p1", "again"))
    assert not_there.value.code == "box_not_on_shelf"


def test_what_nobody_knows_is_refused(database: Database, catalogue: Catalogue, add_box: Callable[..., Box]) -> None:
    box = add_box("1")

    def refusal(fn: Callable[[Change], object]) -> str:
        with pytest.raises(InputRefused) as refused:
            database.write(fn)
        return refused.value.code

    assert (
        refusal(lambda change: box_places.place_box(change, box.id, "B1-A-07-R-01-1-01", "p1", "x")) == "slot_unknown"
    )
    assert refusal(lambda change: box_places.place_box(change, "nobody", FIRST, "p1", "x")) == "box_unknown"
    assert refusal(lambda change: catalogue.set_item_state(change, "nothing", "out", "p1")) == "item_unknown"
    assert refusal(lambda change: catalogue.set_volume_state(change, "nothing", "out", "p1")) == "volume_unknown"


def test_boxes_without_a_place_fill_the_free_slots_in_shelving_order(
    database: Database, catalogue: Catalogue, add_box: Callable[..., Box]
) -> None:
    boxes = [add_box(str(no)) for no in range(1, 21)]
    database.write(lambda change: box_places.place_box(change, boxes[5].id, SECOND, "p1", "first_place"))
    placed = database.write(lambda change: box_places.place_unplaced(change, LAYOUT, "p1"))
    assert placed == 17  # eighteen slots, one of them taken
    first, second = catalogue.box(boxes[0].id), catalogue.box(boxes[1].id)
    assert first is not None and first.home_slot == FIRST
    assert second is not None and second.home_slot == "B1-A-01-R-01-1-03"
    assert catalogue.counts()["unplaced"] == 2


def test_an_item_is_found_by_either_writing_of_its_number_and_follows_its_box(
    database: Database, catalogue: Catalogue, add_box: Callable[..., Box]
) -> None:
    box = add_box("1")
    new = NewItem("Z109", "关于档案的通知", ref_code="Z109-WS·2011-Y-BGS-0001", secret_level="secret")
    item_id = database.write(lambda change: catalogue.add_item(change, new, actor="p1", box_id=box.id))
    item = catalogue.item_by_ref("z109-WS·2011·Y·BGS-1")
    assert item is not None and item.id == item_id and item.state == "registered"
    database.write(lambda change: box_places.place_box(change, box.id, FIRST, "p1", "first_place"))
    assert [found.state for found in catalogue.items_in_box(box.id)] == ["shelved"]
    assert catalogue.items_in_box(box.id, clearance="internal") == []


def test_a_number_is_given_once(database: Database, catalogue: Catalogue) -> None:
    for ref_code in ("Z109-WS·2011-Y-0001", "A0011"):
        database.write(lambda change, ref=ref_code: catalogue.add_item(change, NewItem("Z109", "一", ref), actor="p1"))
    for ref_code in ("Z109-WS·2011·Y-1", "a0011"):
        with pytest.raises(StoreError) as refused:
            database.write(
                lambda change, ref=ref_code: catalogue.add_item(change, NewItem("Z109", "二", ref), actor="p1")
            )
        assert refused.value.code == "conflict"
    assert catalogue.counts()["items"] == 2


def test_a_volume_holds_its_items(database: Database, catalogue: Catalogue, add_box: Callable[..., Box]) -> None:
    box = add_box("1")
    volume = database.write(
        lambda change: catalogue.add_volume(
            change, fonds_no="Z109", ref_code="Z109-KU·01·2017-001", title="一月凭证", actor="p1", box_id=box.id
        )
    )
    new = NewItem("Z109", "凭证", ref_code="Z109-KU·01·2017-001-001")
    item = database.write(
        lambda change: catalogue.add_item(change, new, actor="p1", box_id=box.id, volume_id=volume.id)
    )
    assert catalogue.volume(volume.id) == volume
    assert catalogue.item(item).volume_id == volume.id
    database.write(lambda change: catalogue.set_volume_state(change, volume.id, "out", "p1"))
    assert last_event(database) == "volume.out"
