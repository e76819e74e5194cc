"""The pull list, what poses would move, and the register of moves. Nothing here lights Start: see motion_routes.py."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict

from edge.domain import access
from edge.domain.loans import Loan
from edge.domain.people import Person
from edge.errors import RuleRefused
from edge.panel import shapes
from edge.panel.answers import language_of
from edge.panel.enrolment import Panel, panel_of
from edge.panel.guard import OurPage, SignedIn, SomebodySignedIn
from edge.panel.request_routes import today
from edge.panel.shapes import ReadByPerson
from edge.workflows import move_register, pose, print_moves, pull

router = APIRouter(prefix="/api/v1")


class Chosen(BaseModel):
    model_config = ConfigDict(extra="forbid")
    loan_ids: list[str]


class OneLoan(BaseModel):
    model_config = ConfigDict(extra="forbid")
    loan_id: str


@router.get("/pull-list")
def pull_list(request: Request, person: SignedIn) -> dict[str, Any]:
    """``list`` null: none is open."""
    return {"list": _work(panel_of(request), person)}


@router.post("/pull-list", dependencies=[OurPage])
def begin(body: Chosen, request: Request, person: SignedIn) -> dict[str, Any]:
    panel = panel_of(request)
    pull.begin(panel.room, person, body.loan_ids)
    panel.snapshots.nudge()
    return {"list": _work(panel, person)}


@router.get("/pull-list/preview", dependencies=[SomebodySignedIn])
def preview(request: Request, aisle: int) -> dict[str, Any]:
    return shapes.plan(pull.preview(panel_of(request).room, aisle))


@router.post("/pull-list/light", dependencies=[OurPage], status_code=204)
def light(body: OneLoan, request: Request, person: SignedIn) -> None:
    pull.light(panel_of(request).room, person, body.loan_id)


@router.post("/pull-list/check", dependencies=[OurPage])
def check(request: Request, person: SignedIn) -> dict[str, Any]:
    """Any fetched box of the list at the counter camera."""
    panel = panel_of(request)
    verdict, served = pull.check(panel.room, person)
    panel.snapshots.nudge()
    told = shapes.verdict(verdict)
    return {"verdict": told, "loans": [loan.id for loan in served], "list": _work(panel, person)}


@router.post("/pull-list/confirm", dependencies=[OurPage])
def confirm(body: ReadByPerson, request: Request, person: SignedIn) -> dict[str, Any]:
    """The camera could not tell; the person typed the number on the box."""
    panel = panel_of(request)
    served = pull.confirm(panel.room, person, body.look_id, body.number)
    panel.snapshots.nudge()
    return {"loans": [loan.id for loan in served], "list": _work(panel, person)}


@router.post("/pull-list/give-up", dependencies=[OurPage], status_code=204)
def give_up(request: Request, person: SignedIn) -> None:
    panel = panel_of(request)
    pull.give_up(panel.room, person)
    panel.snapshots.nudge()


@router.get("/poses/{purpose}/preview", dependencies=[SomebodySignedIn])
def pose_preview(purpose: str, request: Request, aisle: int | None = None) -> dict[str, Any]:
    """The plan; ``aisle`` of it, if any, counts as occupied afterwards and is walked."""
    return shapes.plan(pose.preview(panel_of(request).room, purpose, aisle))


@router.get("/moves")
def moves(
    request: Request,
    person: SignedIn,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    before_ms: int | None = None,
    kind: str | None = None,
) -> dict[str, Any]:
    """Newest first: everything for who may read the trace, else one's own moves."""
    room = panel_of(request).room
    rights = access.rights(person.roles)
    if "read_trace" not in rights and "choose" not in rights:
        raise RuleRefused("not_allowed", "ask_archivist", right="read_trace")
    shown = move_register.moves(room, limit, before_ms, kind)
    if "read_trace" not in rights:
        shown = [line for line in shown if line.person_id == person.id]
    names = {one.id: one.name for one in room.people.all()}
    return {"moves": [{**asdict(line), "person_name": names.get(line.person_id, "")} for line in shown]}


@router.post("/moves/paper", dependencies=[OurPage], response_class=Response)
def moves_on_paper(request: Request, person: SignedIn, kind: str | None = None) -> Response:
    """The newest of them as a PDF."""
    room = panel_of(request).room
    return _file(print_moves.on_paper(room, person, kind, language_of(request)), "application/pdf")


@router.post("/moves/sheet", dependencies=[OurPage], response_class=Response)
def moves_as_sheet(request: Request, person: SignedIn) -> Response:
    """All of them as CSV."""
    return _file(print_moves.as_sheet(panel_of(request).room, person, language_of(request)), "text/csv")


def _file(content: bytes, media_type: str) -> Response:
    return Response(content, media_type=media_type, headers={"Cache-Control": "no-store"})


def _work(panel: Panel, person: Person) -> dict[str, Any] | None:
    now = pull.work(panel.room)
    if now is None:
        return None
    day = today(panel.room)

    def told(loans: tuple[Loan, ...]) -> list[dict[str, Any]]:
        return [shapes.loan(panel.room, loan, person, day, whole=True) for loan in loans]

    return {
        "id": now.of.id,
        "began_ms": now.of.began_ms,
        "person_id": now.of.person_id,
        "stops": [{"aisle": stop.aisle, "loans": told(stop.loans)} for stop in now.stops],
        "opened": {"aisle": now.opened.aisle, "loans": told(now.opened.loans)} if now.opened else None,
        "fetched": told(now.fetched),
        "travel_mm": now.travel_mm,
        "exact": now.exact,
    }
