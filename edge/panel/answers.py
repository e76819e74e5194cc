"""Errors in the reader's words: {"code", "recovery", "params", "said", "do_next"}, with the family's HTTP status."""

from __future__ import annotations

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from edge import words
from edge.errors import InputRefused, StoreError, StoreroomError
from edge.panel.enrolment import LANGUAGE_COOKIE, panel_of

log = logging.getLogger(__name__)

# What browsers call the three languages, first match wins.
_ACCEPTED = (
    ("zh-hant", "zh-Hant"),
    ("zh-tw", "zh-Hant"),
    ("zh-hk", "zh-Hant"),
    ("zh-mo", "zh-Hant"),
    ("zh", "zh-Hans"),
    ("en", "en"),
)


def language_of(request: Request) -> str:
    """Chosen at the panel (cookie), else what a caller without that cookie accepts, else the node's language."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    if chosen in words.LANGUAGES:
        return chosen
    if "text/html" not in request.headers.get("accept", ""):  # the kiosk's page starts in the room's language
        for wanted in request.headers.get("accept-language", "").lower().split(","):
            for prefix, language in _ACCEPTED:
                if wanted.strip().startswith(prefix):
                    return language
    return panel_of(request).language


def in_words(error: StoreroomError, language: str) -> dict[str, object]:
    """``error`` as JSON with its sentences; a code without words shows itself, so it can be asked about."""
    params = {name: words.spoken(language, value) for name, value in error.params.items()}
    return {
        **error.as_json(),
        "params": jsonable_encoder(params),
        "said": _say(language, f"error.{error.code}", error.code, error.params),
        "do_next": _say(language, f"recovery.{error.recovery}", error.recovery, error.params),
    }


def _say(language: str, msgid: str, otherwise: str, params: dict[str, Any]) -> str:
    try:
        return words.say(language, msgid, **params)
    except (KeyError, IndexError):
        log.error("no words for %s with %s", msgid, sorted(params))
        return otherwise


def install(app: FastAPI, headers: dict[str, str]) -> None:
    """``headers``: for the one answer that is made outside the application's own middleware."""

    @app.exception_handler(StoreroomError)
    def told(request: Request, error: StoreroomError) -> JSONResponse:
        return JSONResponse(in_words(error, language_of(request)), status_code=error.http_status)

    @app.exception_handler(RequestValidationError)
    def unreadable(request: Request, error: RequestValidationError) -> JSONResponse:
        field = ".".join(str(part) for part in error.errors()[0]["loc"])
        return told(request, InputRefused("request_unreadable", "use_the_panel", field=field))

    @app.exception_handler(HTTPException)
    def not_here(request: Request, error: HTTPException) -> JSONResponse:
        """An address, or a method at it, that this panel does not have."""
        refused = InputRefused("address_unknown", "use_the_panel", address=request.url.path[:80])
        return JSONResponse(in_words(refused, language_of(request)), error.status_code, headers=error.headers)

    @app.exception_handler(Exception)
    def failed(request: Request, _error: Exception) -> Response:
        """A mistake of ours: whoever pressed the button is told; the server writes down where it was made."""
        log.error("%s %s failed", request.method, request.url.path)
        answer = told(request, StoreError("internal", "call_technician"))
        answer.status_code = 500
        answer.headers.update({**headers, "Cache-Control": "no-store"})
        return answer
