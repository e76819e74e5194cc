"""Looking at pages: by right and clearance, for a purpose, marked, and every look in the trace."""

import io
import json

import numpy as np
import pytest
from PIL import Image

from edge.domain.people import Person
from edge.errors import InputRefused, RuleRefused, StoreError
from edge.workflows import digitise, view_pages
from tests import needs
from tests.edge.page_desk import jpeg, page


@pytest.fixture
def taken(scene, monkeypatch):
    needs.cjk_font()
    scene.room.page_reader.lying = page("关于水泵房的报告", "第二行")
    return digitise.take_page(scene.room, scene.archivist, scene.items[0])


def test_a_look_is_marked_and_traced_with_who_and_why(scene, taken):
    seen = view_pages.view(scene.room, scene.reader, taken.id, "evidence")
    (event,) = scene.room_events("page.viewed")
    assert (event.actor, event.subject, json.loads(event.body)["purpose"]) == (
        scene.reader.id,
        scene.items[0],
        "evidence",
    )
    plain = np.asarray(Image.open(io.BytesIO(jpeg())), int)
    marked = np.asarray(Image.open(io.BytesIO(seen)), int)
    touched = np.abs(marked - plain).max(axis=2) > 12
    assert touched.mean() > 0.02
    halves = [touched[: touched.shape[0] // 2], touched[touched.shape[0] // 2 :]]
    assert all(half.any() for half in halves), "no half goes about without a mark"


def test_what_is_written_on_a_page_is_shown_for_a_purpose_and_on_record_too(scene, taken):
    with pytest.raises(InputRefused, match="view_purpose_unknown"):
        view_pages.text(scene.room, scene.reader, taken.id, "")
    assert view_pages.text(scene.room, scene.reader, taken.id, "work") == "关于水泵房的报告\n第二行"
    assert scene.events("page.viewed") == ["page.viewed"]
    view_pages.view(scene.room, scene.archivist, taken.id, "work")
    view_pages.text(scene.room, scene.archivist, taken.id, "work")
    assert len(scene.events("page.viewed")) == 2, "picture and text beside each other are one look"
    view_pages.text(scene.room, scene.archivist, taken.id, "check")
    assert len(scene.events("page.viewed")) == 3


def test_downloads_are_named_by_the_rule_and_only_for_those_who_may(scene, taken):
    name, content = view_pages.take(scene.room, scene.archivist, taken.id, "work", "download")
    assert name == "A001-WS·2011·Y-0001-001.jpg" and content.startswith(b"\xff\xd8")
    view_pages.take(scene.room, scene.archivist, taken.id, "work", "print")
    with pytest.raises(RuleRefused, match="not_allowed"):
        view_pages.take(scene.room, scene.reader, taken.id, "work", "download")
    assert scene.events("page.")[-2:] == ["page.downloaded", "page.printed"]


def test_without_a_purpose_or_a_whole_picture_nothing_is_shown(scene, taken):
    with pytest.raises(InputRefused, match="view_purpose_unknown"):
        view_pages.view(scene.room, scene.reader, taken.id, "")
    with scene.room.scans.file.use() as db:
        db.execute("UPDATE scan_piece SET content = ? WHERE sha256 = ?", (b"x", taken.image))
    with pytest.raises(StoreError, match="scan_changed"):
        view_pages.view(scene.room, scene.reader, taken.id, "work")
    assert scene.events("page.viewed") == []


def test_a_secret_page_is_unknown_to_whoever_is_not_cleared(scene, taken):
    cleared = Person("p-cleared", "周敏", "档案室", ("archivist", "cleared_secret"), True)
    scene.room.page_reader.lying = page("机密")
    secret = digitise.take_page(scene.room, cleared, scene.secret_item)
    for look in (
        lambda: view_pages.view(scene.room, scene.archivist, secret.id, "work"),
        lambda: view_pages.leaves(scene.room, scene.archivist, scene.secret_item),
    ):
        with pytest.raises(InputRefused, match="unknown"):
            look()
    assert view_pages.view(scene.room, cleared, secret.id, "work")
    assert {event.level for event in scene.room_events("page.viewed")} == {"secret"}


def test_the_leaves_say_what_is_known_of_their_files(scene):
    scene.room.page_reader.files = {"a.pdf": [page("第一页"), page("第二页", number=2)]}
    digitise.take_file(scene.room, scene.archivist, "a.pdf", b"pdf", scene.items[0])
    item, leaves = view_pages.leaves(scene.room, scene.reader, scene.items[0])
    assert item.id == scene.items[0] and [leaf.page.page_no for leaf in leaves] == [1, 2]
    assert (leaves[0].file.author, leaves[0].file.name, leaves[0].file.bytes) == ("李文清", "a.pdf", 3)
