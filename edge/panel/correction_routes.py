"""Doubtful lines, their crops, and what a person says they say."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict

from edge.panel.enrolment import panel_of
from edge.panel.guard import OurPage, SignedIn
from edge.workflows import correct_text

router = APIRouter(prefix="/api/v1")


class Said(BaseModel):
    """What the line says; "" where nothing is written."""

    model_config = ConfigDict(extra="forbid")
    text: str


@router.get("/lines/unsure")
def unsure(request: Request, person: SignedIn, limit: Annotated[int, Query(ge=1, le=100)] = 20) -> dict[str, Any]:
    doubts, count = correct_text.queue(panel_of(request).room, person, limit)
    return {
        "count": count,
        "lines": [
            {
                "page_id": doubt.page.id,
                "line": doubt.line.line,
                "page_no": doubt.page.page_no,
                "item": {"id": doubt.item.id, "ref_code": doubt.item.ref_code, "title": doubt.item.title},
                "candidates": doubt.candidates,
                "mended": doubt.line.mended,
                "read_text": doubt.line.read_text,
                "confidence_pct": round(100 * doubt.line.confidence),
            }
            for doubt in doubts
        ],
    }


@router.get("/pages/{page_id}/lines/{line_no}.jpg", response_class=Response)
def crop(page_id: str, line_no: int, request: Request, person: SignedIn) -> Response:
    jpeg = correct_text.crop(panel_of(request).room, person, page_id, line_no)
    return Response(jpeg, media_type="image/jpeg", headers={"Cache-Control": "no-store"})


@router.post("/pages/{page_id}/lines/{line_no}", dependencies=[OurPage])
def correct(page_id: str, line_no: int, body: Said, request: Request, person: SignedIn) -> dict[str, Any]:
    line = correct_text.correct(panel_of(request).room, person, page_id, line_no, body.text)
    return {"line": line.line, "text": line.text, "read_text": line.read_text, "state": line.state}
