"""What panel and sync may see of the store: reading the trace, and the names of the values they are handed."""

from __future__ import annotations

from edge.domain.people import Person
from edge.domain.trace import Event, Head
from edge.store.database import Database
from edge.store.sessions import Session, Sessions
from edge.store.trace import Checkpoint, Epoch, Trace

__all__ = ["Checkpoint", "Epoch", "Event", "Head", "Person", "Session", "Sessions", "Trace", "Views"]


class Views:
    def __init__(self, database: Database) -> None:
        self.trace = Trace(database)
        self.node_id = database.node_id

    def recent(self, limit: int, subject: str | None = None, action_prefix: str | None = None) -> list[Event]:
        """Newest first."""
        return self.trace.recent(limit, subject, action_prefix)

    def head(self) -> Head:
        return self.trace.head()

    def backlog(self) -> int:
        """Events the centre has not confirmed."""
        return self.trace.backlog()
