"""What proves one item, handed over at the panel as a file; and checking such a file that somebody brings."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from edge.domain import access
from edge.panel.answers import language_of
from edge.panel.enrolment import panel_of
from edge.panel.guard import AtThePanel, OurPage, SignedIn
from edge.panel.sent_files import picture_file
from edge.workflows import evidence

router = APIRouter(prefix="/api/v1")


@router.post("/records/item/{subject}/evidence", response_class=Response, dependencies=[AtThePanel])
def extract(subject: str, request: Request, person: SignedIn) -> Response:
    made = evidence.for_item(panel_of(request).signed, person, subject, language_of(request))
    return Response(made, media_type="application/zip", headers={"Cache-Control": "no-store"})


@router.post("/evidence/check", dependencies=[OurPage])
async def check(request: Request, person: SignedIn, name: Annotated[str, Query(max_length=200)] = "") -> dict[str, Any]:
    """The extract is the request's body."""
    access.require(person.roles, "take_out")
    content = await picture_file(request, name)
    found = await run_in_threadpool(evidence.check, content, name)
    item = found["record"]["item"]
    told = {"events": found["events"], "checkpoints": found["checkpoints"], "utc_ms": found["utc_ms"]}
    own = found["fingerprint"] == evidence.fingerprint(panel_of(request).signed)
    return {**told, "ref_code": item["ref_code"], "title": item["title"], "key": found["fingerprint"], "own_key": own}
