"""Each campaign of ``make prove`` for a few seconds, and the runner that keeps what they found."""

import json
from collections import Counter
from dataclasses import asdict

import pytest

from tests.proofs import faults
from tests.proofs import run as prove
from tests.proofs.campaign import Campaign, Violated, run

# explore has its small size in test_explore.py
SECONDS = {"planner": 4, "lockstep": 8, "trace": 6, "shelves": 1, "numbers": 0, "faults": 0}


@pytest.mark.timeout(900)  # a violated case is cut down to what it takes before it is told
@pytest.mark.parametrize("name", SECONDS)
def test_the_campaign_holds_from_its_first_case_on(name, tmp_path, monkeypatch):
    monkeypatch.setattr(faults, "RUNS_A_MOVE", 10)
    result = run(prove.CAMPAIGNS[name], tmp_path, seconds=SECONDS[name])
    assert result.result == "held", json.dumps(result.violations, indent=1, ensure_ascii=False)
    assert result.cases >= 1 and sum(result.counts.values()) > 0


@pytest.mark.parametrize("name", prove.CAMPAIGNS)
def test_a_campaign_names_sources_that_exist(name):
    from tests.proofs.campaign import ROOT

    for pattern in prove.CAMPAIGNS[name].covers:
        assert any(ROOT.glob(pattern)), pattern


class Numbers:
    """A campaign whose cases are their first random number; ``bad_at`` = the case that is violated."""

    def __init__(self, bad_at: int | None = None) -> None:
        self.seen: list[int] = []
        self.bad_at = bad_at

    def campaign(self, covers: tuple[str, ...] = ("tests/proofs/campaign.py",), exhaustive: bool = False) -> Campaign:
        return Campaign("numbers", covers, self._case, exhaustive)

    def _case(self, random) -> Counter:
        if len(self.seen) == self.bad_at:
            raise Violated("a number is odd", ["draw"])
        self.seen.append(random.randrange(1 << 30))
        return Counter(drawn=1)


def test_a_second_run_goes_on_where_the_first_ended_and_repeats_no_case(tmp_path):
    first, second, whole = Numbers(), Numbers(), Numbers(bad_at=2)
    run(first.campaign(), tmp_path, seconds=0)
    result = run(second.campaign(), tmp_path, seconds=0)
    (tmp_path / "whole").mkdir()
    run(whole.campaign(), tmp_path / "whole", seconds=60)
    assert (result.cases, result.counts) == (2, {"drawn": 2})
    assert first.seen + second.seen == whole.seen and first.seen != second.seen
    assert json.loads((tmp_path / "numbers.json").read_text("utf-8")) == asdict(result)


def test_what_visits_everything_is_done_once_and_not_counted_again(tmp_path):
    for _ in range(2):
        result = run(Numbers().campaign(exhaustive=True), tmp_path, seconds=60)
    assert (result.cases, result.counts) == (1, {"drawn": 1})


def test_another_seed_or_changed_sources_begin_anew(tmp_path):
    run(Numbers().campaign(), tmp_path, seconds=0)
    assert run(Numbers().campaign(), tmp_path, seconds=0, seed=2).cases == 1
    assert run(Numbers().campaign(("tests/proofs/run.py",)), tmp_path, seconds=0, seed=2).cases == 1


def test_a_violated_case_ends_the_run_is_kept_and_is_tried_again_first(tmp_path):
    result = run(Numbers(bad_at=3).campaign(), tmp_path, seconds=60)
    assert (result.result, result.cases) == ("violated", 3)
    assert result.violations == [{"case": 3, "what": "a number is odd", "story": ["draw"]}]
    again = run(Numbers(bad_at=0).campaign(), tmp_path, seconds=60)
    assert (again.result, again.cases, again.violations[0]["case"]) == ("violated", 3, 3)


def test_a_violation_is_told_on_stderr_and_by_the_exit_code(tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(prove.CAMPAIGNS, "numbers", Numbers(bad_at=1).campaign())
    assert prove.main(["numbers", "--folder", str(tmp_path), "--seconds", "5"]) == 1
    told = capsys.readouterr()
    assert "a number is odd" in told.err and "numbers: violated: 1 cases" in told.out
    with pytest.raises(SystemExit):
        prove.main(["nonsense"])
