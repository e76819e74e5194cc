"""Options, fixtures and the JSON report of the technicians' suite: ``pytest hardware_tests --bench virtual``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from hardware_tests.bench import Bench, open_bench
from hardware_tests.measurements import Measurements

REPORT = pytest.StashKey[list[dict[str, Any]]]()
TAKEN = pytest.StashKey[Measurements]()
GAPS = pytest.StashKey[int]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("bench")
    group.addoption("--bench", default="virtual", help="virtual, or a station file (stations/example.toml)")
    group.addoption("--report", default=None, help="folder for the JSON report")
    group.addoption("--operator", default="", help="name of the technician, for the report")
    group.addoption("--allow-motion", action="store_true", help="run tests that move a carriage on a real station")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[REPORT] = []


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--bench") == "virtual" or config.getoption("--allow-motion"):
        return
    skip = pytest.mark.skip(reason="moves a carriage: add --allow-motion when the block is empty and watched")
    for item in items:
        if "hazard" in item.keywords:
            item.add_marker(skip)


@pytest.fixture(scope="session")
def bench(pytestconfig: pytest.Config) -> Iterator[Bench]:
    opened = open_bench(pytestconfig.getoption("--bench"))
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
def gaps_so_far(request: pytest.FixtureRequest, bench: Bench) -> None:
    request.node.stash[GAPS] = bench.gaps()


@pytest.fixture
def measure(request: pytest.FixtureRequest) -> Measurements:
    taken = Measurements()
    request.node.stash[TAKEN] = taken
    return taken


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    if report.failed and GAPS in item.stash:
        grown = item.funcargs["bench"].gaps() - item.stash[GAPS]  # type: ignore[attr-defined]
        if grown:
            report.outcome = "skipped"
            report.longrepr = (str(item.path), 0, f"run is invalid: {grown} scheduling gaps over 50 ms; {call.excinfo}")
    if report.when == "call" or report.outcome != "passed":
        function = getattr(item, "function", None)
        item.config.stash[REPORT].append(
            {
                "test": item.nodeid,
                "title": (getattr(function, "__doc__", "") or "").strip(),
                "outcome": report.outcome,
                "seconds": round(report.duration, 2),
                "why": str(call.excinfo.value) if call.excinfo else "",
                "measurements": item.stash[TAKEN].as_json() if TAKEN in item.stash else [],
            }
        )


def pytest_sessionfinish(session: pytest.Session) -> None:
    folder = session.config.getoption("--report")
    if not folder:
        return
    now = datetime.now(UTC)
    record = {
        "bench": session.config.getoption("--bench"),
        "operator": session.config.getoption("--operator"),
        "utc": now.isoformat(timespec="seconds"),
        "not_claimed": "Figures of a virtual bench are not figures of a machine. No conformity is claimed.",
        "tests": session.config.stash[REPORT],
    }
    Path(folder).mkdir(parents=True, exist_ok=True)
    target = Path(folder) / f"report-{now:%Y%m%dT%H%M%SZ}.json"
    target.write_text(json.dumps(record, ensure_ascii=False, indent=1), "utf-8")
