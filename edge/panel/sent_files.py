"""A file that a page sends as the body of its request."""

from __future__ import annotations

from fastapi import Request

from edge.errors import InputRefused

BYTES_AT_MOST = 200_000_000


async def picture_file(request: Request, name: str) -> bytes:
    """InputRefused ``picture_file_too_large`` as soon as it is; ``name``: what the person calls it."""
    content = bytearray()
    async for part in request.stream():
        content += part
        if len(content) > BYTES_AT_MOST:
            raise InputRefused("picture_file_too_large", "scan_smaller", file=name, megabytes=len(content) // 1_000_000)
    return bytes(content)
