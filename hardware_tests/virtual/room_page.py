"""The room page: a picture of the virtual storeroom, and every physical act in it as one POST.

It stands in for a person's hands and eyes; the node never talks to it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, Protocol

from fastapi import FastAPI, HTTPException
from fastapi.responses import FileResponse, JSONResponse, StreamingResponse
from fastapi.staticfiles import StaticFiles

from edge.words import LANGUAGES, load
from hardware_tests.virtual.people import ActRefused

HERE = Path(__file__).parent
PERIOD_S = 0.2


class Scene(Protocol):
    """What the page shows and does; the demo provides it."""

    def view(self) -> dict[str, Any]: ...

    def shelves(self, aisle: int) -> list[dict[str, Any]]: ...

    def act(self, what: str, **args: Any) -> float:
        """Milliseconds it will take. Raises ActRefused."""
        ...


def create(scene: Scene, ending: Callable[[], bool]) -> FastAPI:
    """``ending()`` tells open streams to close."""
    app = FastAPI(title="Storeroom virtual bench", docs_url=None, redoc_url=None)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")

    @app.get("/")
    def page() -> FileResponse:
        return FileResponse(HERE / "static" / "room.html")

    @app.get("/words/{language}")
    def words(language: str) -> dict[str, str]:
        if language not in LANGUAGES:
            raise HTTPException(404)
        return {msgid.removeprefix("room."): texts[language] for msgid, texts in load(HERE / "words").items()}

    @app.get("/state")
    def state() -> dict[str, Any]:
        return scene.view()

    @app.get("/shelves/{aisle}")
    def shelves(aisle: int) -> list[dict[str, Any]]:
        return scene.shelves(aisle)

    @app.post("/do")
    def do(asked: dict[str, Any]) -> JSONResponse:
        what = str(asked.pop("what", ""))
        try:
            return JSONResponse({"takes_ms": scene.act(what, **asked)})
        except ActRefused as refused:
            return JSONResponse({"why": str(refused), "code": refused.code, "params": refused.params}, status_code=409)

    @app.get("/events")
    async def events() -> StreamingResponse:
        return StreamingResponse(stream(), media_type="text/event-stream", headers={"Cache-Control": "no-store"})

    async def stream() -> AsyncIterator[str]:
        while not ending():
            picture = await asyncio.to_thread(scene.view)
            yield f"data: {json.dumps(picture, ensure_ascii=False)}\n\n"
            await asyncio.sleep(PERIOD_S)

    return app
