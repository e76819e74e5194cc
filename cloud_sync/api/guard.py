"""What stands before every page and route: security headers, same-origin writes, and the session cookie."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from edge.errors import RuleRefused, StoreroomError

COOKIE = "central_session"
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
READING = ("GET", "HEAD", "OPTIONS")

Next = Callable[[Request], Awaitable[Response]]


def install(app: FastAPI) -> None:
    @app.middleware("http")
    async def guard(request: Request, call_next: Next) -> Response:
        if request.method not in READING and not same_origin(request):
            response: Response = refusal(RuleRefused("foreign_origin", "use_console"))
        else:
            response = await call_next(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if "cache-control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        return response

    @app.exception_handler(StoreroomError)
    async def refused(_request: Request, error: StoreroomError) -> Response:
        return refusal(error)


def refusal(error: StoreroomError) -> JSONResponse:
    return JSONResponse(error.as_json(), status_code=error.http_status)


def same_origin(request: Request) -> bool:
    """A write must come from a page of this very address; a browser sends Origin with every POST and DELETE."""
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc == request.headers.get("host")
