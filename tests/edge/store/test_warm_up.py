"""Before anybody searches, the store's file is read once, in the background."""

from pathlib import Path

from edge.store.warm_up import WarmUp


def _bytes_read() -> int:
    return int(Path("/proc/self/io").read_text("ascii").split("rchar:")[1].split()[0])


def test_the_whole_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "storeroom.db"
    path.write_bytes(b"x" * 3_500_000)
    before = _bytes_read()
    WarmUp(path).start().done()
    assert _bytes_read() - before >= 3_500_000


def test_a_node_that_stops_does_not_wait_for_it(tmp_path: Path) -> None:
    path = tmp_path / "storeroom.db"
    with path.open("wb") as file:
        file.truncate(1 << 40)
    before = _bytes_read()
    warming = WarmUp(path).start()
    warming.stop()
    assert _bytes_read() - before < 1 << 32


def test_a_file_that_is_not_there_is_somebody_elses_to_tell(tmp_path: Path) -> None:
    WarmUp(tmp_path / "nothing.db").start().done()
