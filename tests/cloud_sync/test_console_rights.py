"""Console users: rights given singly, three administrators apart, the last one stays, all on record."""

import sqlite3

import pytest
from fastapi.testclient import TestClient

from cloud_sync.app import Centre, now_ms
from cloud_sync.console.pages import WORDS
from cloud_sync.rights import BEFORE
from cloud_sync.store.console_rights import AT_THE_SERVER
from cloud_sync.store.database import Database
from cloud_sync.store.deeds import Deeds
from edge.errors import RuleRefused
from edge.words import catalogue

ORIGIN = {"origin": "http://testserver"}
DECISION = {"approved": True}
REVOCATION = {"what": "card", "about": "c", "why": "card_lost"}
TAKES = {  # what a right is for; without it each of these is refused
    "acknowledge": [("POST", "/api/v1/rooms/room-1/alarms/a/acknowledge", None)],
    "approve": [("GET", "/api/v1/approvals", None), ("POST", "/api/v1/rooms/room-1/loans/l/decision", DECISION)],
    "people": [("GET", "/api/v1/people", None), ("POST", "/api/v1/rooms/room-1/revocations", REVOCATION)],
    "registers": [("GET", "/api/v1/registers/loans.csv", None), ("GET", "/api/v1/registers/loans.pdf", None)],
    "users": [
        ("POST", "/api/v1/users", {"name": "n"}),
        ("PUT", "/api/v1/users/li/rights", {"rights": []}),
        ("POST", "/api/v1/users/li/password", None),
        ("DELETE", "/api/v1/users/li", None),
    ],
}
PAGES = {"approve": "/approvals", "people": "/people", "registers": "/registers", "users": "/users", "audit": "/deeds"}


@pytest.fixture
def as_user(quiet):
    """A browser in which somebody with these rights is signed in."""
    app = quiet.web()

    def signed_in(name, *rights):
        quiet.console_rights.add(name, rights, "a good password", AT_THE_SERVER, now_ms())
        browser = TestClient(app, follow_redirects=False)
        login = {"name": name, "password": "a good password"}
        assert browser.post("/api/v1/session", json=login, headers=ORIGIN).status_code == 200
        return browser

    return signed_in


def in_words(msgid):
    return catalogue("en", folder=WORDS)[msgid]


def deeds(centre):
    return [(one["person"], one["deed"], one["about"].get("user")) for one in Deeds(centre.database).recent(50)]


def test_whoever_was_given_nothing_sees_the_rooms_and_can_do_nothing_else(as_user):
    as_user("gives rights", "users")
    browser = as_user("looker")
    assert browser.get("/").status_code == 200 and browser.get("/api/v1/rooms").status_code == 200
    for method, path, body in (one for asked in TAKES.values() for one in asked):
        answer = browser.request(method, path, json=body, headers=ORIGIN)
        assert (answer.status_code, answer.json()["code"]) == (403, "console_not_allowed"), path
    assert [browser.get("/events", params={"page": page}).status_code for page in ("approvals", "people")] == [403, 403]
    for right, page in PAGES.items():
        answer = browser.get(page)
        assert answer.status_code == 403
        assert in_words(f"console.right.{right}") in answer.text and "gives rights" in answer.text
        assert f'href="{page}"' not in browser.get("/").text


def test_each_right_opens_its_own_doors_and_no_others(as_user):
    for right in PAGES:
        browser = as_user(f"of {right}", right)
        for of, asked in TAKES.items():
            method, path, body = asked[0]
            refused = browser.request(method, path, json=body, headers=ORIGIN).status_code == 403
            assert refused == (of != right), (right, of)
        for of, page in PAGES.items():
            assert (browser.get(page).status_code == 200) == (of == right), (right, of)


def test_nobody_holds_two_of_the_three_administrators_rights_or_changes_their_own(quiet, as_user):
    browser = as_user("chief", "users")

    def refused(method, path, body=None):
        return browser.request(method, path, json=body, headers=ORIGIN).json()["code"]

    assert refused("POST", "/api/v1/users", {"name": "n", "rights": ["people", "audit"]}) == "console_rights_split"
    assert refused("PUT", "/api/v1/users/li/rights", {"rights": ["people", "users"]}) == "console_rights_split"
    assert refused("PUT", "/api/v1/users/chief/rights", {"rights": ["users", "approve"]}) == "own_rights"
    assert refused("POST", "/api/v1/users/chief/password") == "own_rights"
    assert refused("POST", "/api/v1/users", {"name": "n", "rights": ["everything"]}) == "right_unknown"
    assert quiet.console_rights.of("chief") == {"users"} and not quiet.console_rights.of("n")


def test_the_last_administrator_of_users_cannot_be_taken_away(quiet):
    rights = quiet.console_rights
    for refused in (
        lambda: rights.set("first", (), AT_THE_SERVER, now_ms()),
        lambda: rights.remove("first", AT_THE_SERVER, now_ms()),
    ):
        with pytest.raises(RuleRefused, match="last_user_administrator"):
            refused()
    assert rights.of("first") == {"users"}
    rights.add("second", ("users",), "a good password", "first", now_ms())
    rights.remove("first", "second", now_ms())
    assert [one["name"] for one in rights.all()] == ["li", "second"]


def test_a_change_of_rights_ends_the_sessions_and_stands_in_the_centres_trace(quiet, as_user):
    chief, clerk = as_user("chief", "users"), as_user("clerk", "approve")
    changed = chief.put("/api/v1/users/clerk/rights", json={"rights": ["registers"]}, headers=ORIGIN)
    assert changed.status_code == 200 and clerk.get("/api/v1/rooms").status_code == 401
    made = chief.post("/api/v1/users", json={"name": "王", "rights": ["audit"]}, headers=ORIGIN).json()
    login = {"name": "王", "password": made["password"]}
    assert clerk.post("/api/v1/session", json=login, headers=ORIGIN).status_code == 200
    page = clerk.get("/deeds", params={"lang": "zh-Hans"}).text
    assert "更改权限" in page and "台账与报表" in page and made["password"] not in page
    assert chief.delete("/api/v1/users/王", headers=ORIGIN).status_code == 200
    assert clerk.get("/api/v1/rooms").status_code == 401
    assert clerk.post("/api/v1/session", json=login, headers=ORIGIN).json()["code"] == "login_wrong"
    assert {("chief", deed, "王") for deed in ("user_added", "rights_changed", "user_removed")} <= set(deeds(quiet))
    with pytest.raises(sqlite3.DatabaseError):
        quiet.database.write(lambda db: db.execute("DELETE FROM deed"))


def test_a_person_chooses_an_own_password_and_signs_in_anew(as_user):
    browser = as_user("clerk")
    change = lambda old, new: browser.put("/api/v1/session/password", json={"old": old, "new": new}, headers=ORIGIN)  # noqa: E731
    assert change("wrong", "0123456789").json()["code"] == "login_wrong"
    assert change("a good password", "short").json()["code"] == "password_too_short"
    assert change("a good password", "0123456789").status_code == 200 and browser.get("/").status_code == 303
    login = {"name": "clerk", "password": "0123456789"}
    assert browser.post("/api/v1/session", json=login, headers=ORIGIN).status_code == 200


def test_who_was_there_before_rights_were_told_apart_keeps_what_they_could_and_no_more(settings):
    database = Database(settings.central.data_dir)
    database.write(lambda db: db.execute("DROP TABLE person_right"))
    database.close()
    upgraded = Centre(settings, with_broker=False)
    assert upgraded.console_rights.of("li") == set(BEFORE) and "users" not in upgraded.console_rights.of("first")
    upgraded.console_rights.set("first", ("users",), AT_THE_SERVER, now_ms())
    upgraded.database.close()
    again = Centre(settings, with_broker=False)
    assert again.console_rights.of("first") == {"users"}
    again.database.close()
