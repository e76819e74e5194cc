"""The viewer: an item's pages with their marks, what is known of their files, and taking one along."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import Response

from edge.panel.enrolment import panel_of
from edge.panel.guard import AtThePanel, SignedIn
from edge.workflows import view_pages

router = APIRouter(prefix="/api/v1")


@router.get("/items/{item_id}/leaves")
def leaves(item_id: str, request: Request, person: SignedIn) -> dict[str, Any]:
    item, found = view_pages.leaves(panel_of(request).room, person, item_id)
    return {
        "item": asdict(item),
        "purposes": view_pages.PURPOSES,
        "marks": {one: view_pages.mark(panel_of(request).room, person, one) for one in view_pages.PURPOSES},
        "pages": [
            {
                "id": leaf.page.id,
                "page_no": leaf.page.page_no,
                "name": leaf.name,
                "dpi": leaf.page.dpi,
                "width": leaf.page.width,
                "height": leaf.page.height,
                "despite": leaf.page.despite,
                "file": asdict(leaf.file),
                "report": leaf.report,
            }
            for leaf in found
        ],
    }


@router.get("/pages/{page_id}/view.jpg", response_class=Response)
def view(page_id: str, request: Request, person: SignedIn, purpose: str = "") -> Response:
    jpeg = view_pages.view(panel_of(request).room, person, page_id, purpose)
    return Response(jpeg, media_type="image/jpeg", headers={"Cache-Control": "no-store"})


@router.get("/pages/{page_id}/text")
def text(page_id: str, request: Request, person: SignedIn, purpose: str = "") -> dict[str, str]:
    return {"text": view_pages.text(panel_of(request).room, person, page_id, purpose)}


@router.post("/pages/{page_id}/take", response_class=Response, dependencies=[AtThePanel])
def take(
    page_id: str, request: Request, person: SignedIn, how: Literal["download", "print"], purpose: str = ""
) -> Response:
    """The page in full resolution; its name by the rule is in Content-Disposition."""
    name, jpeg = view_pages.take(panel_of(request).room, person, page_id, purpose, how)
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}", "Cache-Control": "no-store"}
    return Response(jpeg, media_type="image/jpeg", headers=headers)
