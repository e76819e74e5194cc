"""A storeroom door in plain Python: a lock, a contact and a handle inside."""

from __future__ import annotations


class HeldDoor:
    fitted = True
    RELEASE_MS = 5_000

    def __init__(self) -> None:
        self.closed = True
        self.released = False
        self.handle = False

    def is_closed(self) -> bool:
        return self.closed

    def exit_pressed(self) -> bool:
        handle, self.handle = self.handle, False
        return handle

    def unlock(self) -> int:
        self.released = True
        return self.RELEASE_MS

    def lock(self) -> None:
        self.released = False
