"""One storeroom for all live tests of this folder: started, walked and found once; what destroys comes last."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # whole_room.py beside this file is found by path

from excuses import excused
from whole_room import WholeRoom

from hardware_tests.virtual.demo import Demo
from tests import needs

ORDER = ("main_job", "two_people", "secrecy", "refusals", "stops", "alarm", "sync", "processes", "power", "backup")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Live tests in ORDER, each with time for the start of the whole room."""
    here = Path(__file__).parent
    live = [item for item in items if item.path.parent == here and item.get_closest_marker("live")]
    for item in live:
        item.add_marker(pytest.mark.timeout(300))
    ordered = iter(sorted(live, key=lambda item: ORDER.index(item.path.stem.removeprefix("test_"))))
    items[:] = [next(ordered) if item in live else item for item in items]


@pytest.fixture(scope="session")
def storeroom(demo: Demo) -> Iterator[WholeRoom]:
    room = WholeRoom(demo)
    room.ready()
    yield room
    room.close()


@pytest.fixture(autouse=True)
def nothing_forbidden_happened(request: pytest.FixtureRequest) -> Iterator[None]:
    """The plant's own watch saw no carriage do what the safety rules forbid, in no test nor in what prepared it."""
    if "storeroom" not in request.fixturenames:
        yield
        return
    room: WholeRoom = request.getfixturevalue("storeroom")
    yield
    found, gaps = room.not_judged_yet()
    unexcused = [one for one in found if not excused(one, gaps, room.board_of(one.column))]
    assert unexcused == [], f"all that was seen: {found}"
    needs.needed(not found, f"needs a machine that does not stand still in mid-test, which explains this: {found}")
