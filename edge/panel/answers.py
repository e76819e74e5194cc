"""Errors in the reader's words: {"code", "recovery", "params", "said", "do_next"}, with the family's HTTP status."""

from __future__ import annotations

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from edge import words
from edge.errors import InputRefused, StoreroomError
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
    return {
        **error.as_json(),
        "said": _say(language, f"error.{error.code}", error.code, error.params),
        "do_next": _say(language, f"recovery.{error.recovery}", error.recovery, error.params),
    }


def _say(language: str, msgid: str, otherwise: str, params: dict[str, Any]) -> str:
    try:
        return words.say(language, msgid, **params)
    except (KeyError, IndexError):
        log.error("no words for %s with %s", msgid, sorted(params))
        return otherwise


def install(app: FastAPI) -> None:
    @app.exception_handler(StoreroomError)
    def told(request: Request, error: StoreroomError) -> JSONResponse:
        return JSONResponse(in_words(error, language_of(request)), status_code=error.http_status)

    @app.exception_handler(RequestValidationError)
    def unreadable(request: Request, error: RequestValidationError) -> JSONResponse:
        field = ".".join(str(part) for part in error.errors()[0]["loc"])
        refused = InputRefused("request_unreadable", "use_the_panel", field=field)
        return JSONResponse(in_words(refused, language_of(request)), status_code=refused.http_status)
