"""The thread that folds the log ends when the store is closed, whenever that is."""

import threading

from edge.store import log_folding
from edge.store.connection import connect
from edge.store.log_folding import LogFolder

KEY = bytes(32)


def test_a_store_that_is_closed_just_as_a_change_is_taken_up_is_closed(tmp_path, monkeypatch):
    taking_up, closing = threading.Event(), threading.Event()

    class Slow(threading.Event):
        """A thread that loses its core between seeing the change and taking it up."""

        def clear(self) -> None:
            taking_up.set()
            closing.wait(10)
            super().clear()

    path = tmp_path / "store.db"
    writer = connect(path, KEY)
    monkeypatch.setattr(log_folding.threading, "Event", Slow)
    folder = LogFolder(path, KEY, writer)
    monkeypatch.undo()
    folder.written()
    assert taking_up.wait(10)
    closer = threading.Thread(target=folder.close, daemon=True)
    closer.start()
    closer.join(0.3)  # it has asked, and waits for the thread
    closing.set()
    closer.join(10)
    assert not closer.is_alive()
    writer.close()
