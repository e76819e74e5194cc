"""The console's pages: login, all rooms, one room, approvals. HTML is the frame; what moves comes by the stream."""

from __future__ import annotations

import hashlib
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from fastapi.templating import Jinja2Templates

from cloud_sync.api.context import Context, Here
from cloud_sync.api.guard import COOKIE
from edge.words import LANGUAGES, catalogue

HERE = Path(__file__).parent
STATIC = HERE / "static"
WORDS = HERE.parent / "words"
LANGUAGE_COOKIE = "central_language"
YEAR_S = 365 * 24 * 3600


def _build() -> str:
    """Changes whenever a static file or a template does: part of every static URL, and tells open pages to reload."""
    digest = hashlib.sha256()
    for path in sorted((*STATIC.rglob("*.*"), *(HERE / "templates").glob("*.html"), *WORDS.glob("*.toml"))):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


BUILD = _build()

router = APIRouter(include_in_schema=False)
templates = Jinja2Templates(directory=HERE / "templates")


@router.get("/login")
def login(request: Request, here: Here) -> Response:
    return page(request, here, "login.html")


@router.get("/")
def rooms(request: Request, here: Here) -> Response:
    return signed_in(request, here, "rooms.html")


@router.get("/approvals")
def approvals(request: Request, here: Here) -> Response:
    return signed_in(request, here, "approvals.html", "approve")


@router.get("/people")
def people(request: Request, here: Here) -> Response:
    return signed_in(request, here, "people.html", "people")


@router.get("/password")
def password(request: Request, here: Here) -> Response:
    return signed_in(request, here, "password.html")


@router.get("/rooms/{node}")
def room(node: str, request: Request, here: Here) -> Response:
    if not who(request, here):
        return RedirectResponse("/login", 303)
    known = any(row["node"] == node for row in here.fleet.nodes())
    return page(request, here, "room.html", node=node) if known else RedirectResponse("/", 303)


def signed_in(request: Request, here: Context, template: str, right: str = "") -> Response:
    return elsewhere(request, here, right) or page(request, here, template)


def elsewhere(request: Request, here: Context, right: str = "") -> Response | None:
    """Whoever is not signed in goes to the login; whoever lacks the ``right`` is told which, and who gives it."""
    name = who(request, here)
    if name is None:
        return RedirectResponse("/login", 303)
    if not right or right in here.console_rights.of(name):
        return None
    givers = [one["name"] for one in here.console_rights.all() if "users" in one["rights"]]
    refused = page(request, here, "no_right.html", right=right, givers=givers)
    refused.status_code = 403
    return refused


def who(request: Request, here: Context) -> str | None:
    return here.people.who(request.cookies.get(COOKIE, ""), here.now_ms(), touch=True)


def language_of(request: Request, here: Context) -> str:
    for wanted in (request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
        if wanted in LANGUAGES:
            return str(wanted)
    return here.central.language


OF_PATROLS = ("panel.patrol.kind.", "panel.patrol.what.", "panel.patrol.found.", "panel.patrol.in_order")
OF_THE_ROOM = (
    "panel.approval.why.",
    "node_fault.",
    "fault.",
    "end.",
    "verdict.",
    "why.",
    "panel.event.",
    "panel.patrol.finding",
    *OF_PATROLS,
)


def _words_of_the_room(language: str) -> dict[str, str]:
    """A node names faults, events and ends by the codes that its own panel shows; its words for them hold here too."""
    return {msgid: text for table in OF_THE_ROOM for msgid, text in catalogue(language, table).items()}


def page(request: Request, here: Context, template: str, **values: object) -> Response:
    language = language_of(request, here)
    name = who(request, here) or ""
    words = {**_words_of_the_room(language), **catalogue(language, folder=WORDS)}
    shown = {
        "language": language,
        "languages": [(code, catalogue(code, folder=WORDS)["console.language"]) for code in LANGUAGES],
        "words": words,
        "build": BUILD,
        "zone": here.central.zone,
        "centre_name": here.central.name,
        "person": name,
        "rights": here.console_rights.of(name),
        "path": request.url.path,
        **values,
    }
    response = templates.TemplateResponse(request, template, shown)
    if request.query_params.get("lang") == language:
        response.set_cookie(LANGUAGE_COOKIE, language, max_age=YEAR_S, httponly=True, samesite="strict", path="/")
    return response
