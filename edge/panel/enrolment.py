"""The one enrolled panel of this node: what its routes share, handed to them by ``app.create``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from fastapi import Request

from edge.panel.stream import Snapshots
from edge.store.views import Session, Sessions, Views
from edge.workflows.commissioning import BlockFileWatch
from edge.workflows.doorkeeper import Doorkeeper
from edge.workflows.evidence import Signed
from edge.workflows.import_desk import Desk
from edge.workflows.monthly_proof import ProofWatch
from edge.workflows.presence import Presence
from edge.workflows.print_desk import PrintDesk
from edge.workflows.refused import Refusals
from edge.workflows.room import Room

COOKIE = "storeroom_session"
LANGUAGE_COOKIE = "storeroom_language"
IDLE_MS = 5 * 60_000


@dataclass(frozen=True, slots=True)
class Panel:
    """``hosts``: the values of Host that name this panel. ``faults``: names of what is wrong with the node itself.

    ``imports``: the one file that is being brought in here; ``print_desk``: the one print that lies ready.
    """

    room: Room
    sessions: Sessions
    presence: Presence
    views: Views
    refusals: Refusals
    panel_id: str
    language: str
    hosts: frozenset[str]
    faults: Callable[[], list[str]]
    build: str
    snapshots: Snapshots
    block_file: BlockFileWatch
    proof: ProofWatch
    signed: Signed
    door: Doorkeeper
    imports: Desk = field(default_factory=Desk)
    print_desk: PrintDesk = field(default_factory=PrintDesk)

    @property
    def origins(self) -> frozenset[str]:
        return frozenset(f"http://{host}" for host in self.hosts)


def panel_of(request: Request) -> Panel:
    panel: Panel = request.app.state.panel
    return panel


def session_here(sessions: Sessions, panel_id: str, monotonic_ms: int) -> Session | None:
    """Who is signed in at the panel now; one that has idled too long is ended here, so the screen follows."""
    session = sessions.at_panel(panel_id)
    if session is not None and monotonic_ms - session.seen_ms >= IDLE_MS:
        sessions.close(session.id, "idle")
        return None
    return session
