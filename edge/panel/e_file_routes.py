"""Sound, video and OFD of an item: what there is, a part of it for the player, and taking the original along."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import Response

from edge.panel.enrolment import panel_of
from edge.panel.guard import AtThePanel, SignedIn
from edge.workflows import e_files

router = APIRouter(prefix="/api/v1")

PART_BYTES = 2_000_000  # of one answer; the player asks on
_RANGE = re.compile(r"bytes=(\d{1,12})-(\d{0,12})")


@router.get("/items/{item_id}/e-files")
def of_item(item_id: str, request: Request, person: SignedIn) -> list[dict[str, Any]]:
    found = e_files.of_item(panel_of(request).room, person, item_id)
    return [{**asdict(one.of), "file": asdict(one.file), "name": one.name, "report": one.report} for one in found]


@router.get("/e-files/{e_file_id}/play", response_class=Response)
def play(e_file_id: str, request: Request, person: SignedIn, purpose: str = "") -> Response:
    asked = _RANGE.fullmatch(request.headers.get("range", ""))
    start = int(asked[1]) if asked else 0
    length = min(PART_BYTES, int(asked[2]) - start + 1) if asked and asked[2] else PART_BYTES
    one, part, size = e_files.play(panel_of(request).room, person, e_file_id, purpose, start, max(0, length))
    headers = {"Accept-Ranges": "bytes", "Cache-Control": "no-store"}
    if not part:
        return Response(status_code=416, headers={**headers, "Content-Range": f"bytes */{size}"})
    headers["Content-Range"] = f"bytes {start}-{start + len(part) - 1}/{size}"
    return Response(part, 206, media_type=one.mime, headers=headers)


@router.get("/e-files/{e_file_id}/text")
def text_layer(e_file_id: str, request: Request, person: SignedIn, purpose: str = "") -> dict[str, Any]:
    """Of an OFD: its title, the text of its pages, and whether it carries signatures."""
    return asdict(e_files.text_layer(panel_of(request).room, person, e_file_id, purpose))


@router.post("/e-files/{e_file_id}/take", response_class=Response, dependencies=[AtThePanel])
def take(e_file_id: str, request: Request, person: SignedIn, purpose: str = "") -> Response:
    """The original; its name by the rule is in Content-Disposition."""
    name, one, content = e_files.take_out(panel_of(request).room, person, e_file_id, purpose)
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}", "Cache-Control": "no-store"}
    return Response(content, media_type=one.mime, headers=headers)
