"""Requests that wait for somebody's word, of all rooms. The room is asked; it decides and answers."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from cloud_sync.api.context import Here, MayApprove
from edge.domain.approvals import MOST_OPINION

router = APIRouter(prefix="/api/v1")


class Decision(BaseModel):
    """``why``: the code of a denial."""

    model_config = ConfigDict(extra="forbid")
    approved: bool
    why: str = Field("", max_length=40)
    opinion: str = Field("", max_length=MOST_OPINION)


@router.get("/approvals")
def approvals(here: Here, _who: MayApprove) -> dict[str, Any]:
    return here.approvals.all(here.now_ms())


@router.post("/rooms/{node}/loans/{loan}/decision", status_code=202)
def decide(node: str, loan: str, body: Decision, here: Here, who: MayApprove) -> dict[str, Any]:
    """Asks the node; what became of it shows beside the request."""
    return {"command": here.commands.decide_loan(node, loan, who, body.approved, body.why, body.opinion)}
