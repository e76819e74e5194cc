"""Who may ask what: POSTs from our own page, sessions bound to this panel, motion from the enrolled panel alone.

A refusal here is a traced event: somebody tried. STOP is the one route that no check stands in front of.
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import Annotated

from fastapi import Depends, Request

from edge.errors import InputRefused, RuleRefused, StoreroomError
from edge.panel.enrolment import COOKIE, IDLE_MS, panel_of
from edge.store.views import Person

# A proxy in between means that the peer is not the panel, whatever address it comes from.
UNATTENDED = "storeroom-unattended"  # a header of requests that a screen makes while nobody touches it
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


class SessionNeeded(RuleRefused):
    """Nobody is signed in at this panel."""

    http_status = 401


class NotThisPanel(RuleRefused):
    """The request does not come from the enrolled panel's own page."""

    http_status = 403


def from_our_page(request: Request) -> None:
    """Refuses what another site's page, or a name that is not ours, sent through this browser."""
    panel = panel_of(request)
    if request.headers.get("host", "").lower() not in panel.hosts:
        _refuse(request, NotThisPanel("foreign_origin", "use_the_panel"), why="host")
    if request.headers.get("origin", "").lower() not in panel.origins:
        _refuse(request, NotThisPanel("foreign_origin", "use_the_panel"), why="origin")


def signed_in(request: Request) -> Person:
    """Who stands at this panel. A cookie that was opened at another panel is worth nothing here."""
    panel = panel_of(request)
    token = request.cookies.get(COOKIE, "")
    session = panel.sessions.find(token, IDLE_MS, touch=UNATTENDED not in request.headers) if token else None
    if session is None:
        raise SessionNeeded("session_needed", "sign_in")
    if session.panel_id != panel.panel_id:
        _refuse(request, SessionNeeded("session_of_other_panel", "sign_in"), why="panel", actor=session.person_id)
    try:
        person = panel.room.people.get(session.person_id)
    except InputRefused:
        person = None
    if person is None or not person.active:
        panel.sessions.close(session.id, "revoked")
        raise SessionNeeded("session_needed", "sign_in")
    return person


def at_the_panel(request: Request) -> None:
    """Refuses whoever is not this machine's own browser: only the kiosk reaches the node over loopback, unforwarded."""
    if any(name in request.headers for name in FORWARDED):
        _refuse(request, NotThisPanel("not_the_enrolled_panel", "go_to_the_panel"), why="forwarded")
    if not _is_loopback(_peer(request)):
        _refuse(request, NotThisPanel("not_the_enrolled_panel", "go_to_the_panel"), why="address")
    from_our_page(request)


def may_choose_motion(request: Request) -> Person:
    """The enrolled panel, its own page, and a person signed in there: all three, or nothing is chosen."""
    at_the_panel(request)
    try:
        return signed_in(request)
    except SessionNeeded as error:
        if error.code == "session_needed":
            _refuse(request, error, why="session")
        raise


def _peer(request: Request) -> str:
    return request.client.host if request.client else ""


def _is_loopback(peer: str) -> bool:
    try:
        return ip_address(peer).is_loopback
    except ValueError:
        return False


def _refuse(request: Request, error: StoreroomError, *, why: str, actor: str = "") -> None:
    route = getattr(request.scope.get("route"), "path", request.url.path)
    panel_of(request).refusals.record(error, actor=actor, route=route, why=why, peer=_peer(request))
    raise error


OurPage = Depends(from_our_page)
AtThePanel = Depends(at_the_panel)
SomebodySignedIn = Depends(signed_in)
SignedIn = Annotated[Person, Depends(signed_in)]
MayChooseMotion = Annotated[Person, Depends(may_choose_motion)]
