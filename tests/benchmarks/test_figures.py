"""The table and the file of ``make bench``; what is measured is never asserted."""

import json
from pathlib import Path

import pytest

from tests.benchmarks import run
from tests.benchmarks.figure import Figure, missed, spread, tail


def test_a_figure_that_could_not_be_taken_says_so_in_the_table_and_is_null_in_the_file(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    figures = [Figure("import", 1234.0, "rows/s", n=99), missed("import of others", "rows/s", "no folder named")]
    monkeypatch.setattr(run, "BENCHMARKS", {"imports": lambda _folder: figures})
    assert run.main(["--json", str(tmp_path / "bench.json")]) == 0
    shown = capsys.readouterr().out
    assert "1,234" in shown and "not run" in shown and "no folder named" in shown and "cores" in shown
    kept = json.loads((tmp_path / "bench.json").read_text("utf-8"))
    assert [one["value"] for one in kept["figures"]] == [1234.0, None]
    assert kept["machine"]["processor"] and kept["machine"]["virtual_boards"]
    with pytest.raises(SystemExit):
        run.main(["nonsense"])


def test_a_spread_is_median_and_greatest_of_how_many():
    assert [(one.name, one.value, one.n) for one in spread("STOP", [3.0, 1.0, 2.0], "ms")] == [
        ("STOP, median", 2.0, 3),
        ("STOP, max", 3.0, 3),
    ]
    assert spread("STOP", [], "ms")[0].n == 0


def test_a_tail_is_p50_p99_and_greatest_and_says_when_there_were_too_few_for_a_p99():
    many = tail("STOP", [float(ms) for ms in range(1, 102)], "ms")
    assert [(one.name, one.value, one.n, one.note) for one in many] == [
        ("STOP, p50", 51.0, 101, ""),
        ("STOP, p99", 100.0, 101, ""),
        ("STOP, max", 101.0, 101, ""),
    ]
    assert "p99 wants 100" in tail("STOP", [1.0, 2.0], "ms")[0].note


def test_each_benchmark_gets_a_folder_that_is_gone_afterwards(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    seen: list[Path] = []

    def measure(folder: Path) -> list[Figure]:
        (folder / "left.db").write_bytes(b"x")
        seen.append(folder)
        return []

    monkeypatch.setattr(run, "BENCHMARKS", {"one": measure})
    run.main([])
    assert seen and not seen[0].exists()


def test_a_benchmark_that_breaks_is_named_and_the_others_figures_are_kept(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    def breaks(_folder: Path) -> list[Figure]:
        raise RuntimeError("board 5 refused the move")

    monkeypatch.setattr(
        run, "BENCHMARKS", {"permit": breaks, "trace": lambda _folder: [Figure("events", 900.0, "1/s")]}
    )
    assert run.main([]) == 1
    shown = capsys.readouterr()
    assert "events" in shown.out and "board 5 refused" in shown.err and "not measured, see above: permit" in shown.err
