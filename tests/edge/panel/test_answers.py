"""Whatever goes wrong behind a route leaves as an answer with a code and words, in the reader's language."""

import pytest
from fastapi.testclient import TestClient

from edge.domain.ids import new_id
from edge.errors import DeviceFault, StoreroomError
from edge.panel.answers import in_words
from edge.words import LANGUAGES, Words


def outside(desk, path, **headers):
    """A browser that gets an error's answer, not the test's own exception."""
    client = TestClient(desk.app, base_url="http://localhost:8080", raise_server_exceptions=False)
    return client.get(path, headers=headers)


def test_a_mistake_of_ours_is_answered_in_words_and_written_down(desk, caplog):
    @desk.app.get("/api/v1/broken")
    def broken():
        return {"never": 1 // 0}

    answer = outside(desk, "/api/v1/broken", **{"accept-language": "en"})
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert answer.json()["said"].startswith("Something went wrong") and answer.json()["do_next"]
    assert "GET /api/v1/broken failed" in caplog.text
    assert answer.headers["content-security-policy"] and answer.headers["cache-control"] == "no-store"


def test_a_fault_while_finding_is_armed_reaches_the_person_who_asked_for_it(desk):
    desk.walked()
    staff = desk.signed_in()

    def explode(move_id):
        raise DeviceFault("board_no_answer", "check_board", column=3)

    desk.shelving.find_positions = explode
    answer = staff.post("/api/v1/find-positions")
    assert (answer.status_code, answer.json()["code"]) == (503, "board_no_answer")
    assert answer.json()["said"] and desk.events("move.ended")


@pytest.mark.parametrize("path", ["/api/v1/nothing-here", "/nothing-here"])
def test_an_address_that_the_panel_does_not_have_is_refused_in_words(desk, path):
    answer = outside(desk, path, **{"accept-language": "zh-TW"})
    assert (answer.status_code, answer.json()["code"]) == (404, "address_unknown")
    assert path in answer.json()["said"]


def test_a_language_nobody_speaks_here_is_refused_with_those_that_are_known(desk):
    answer = outside(desk, "/api/v1/words/tlh")
    assert (answer.status_code, answer.json()["code"]) == (422, "language_unknown")
    assert "zh-Hant" in answer.json()["said"] + answer.json()["do_next"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_parameters_of_any_kind_are_told(language, tmp_path):
    inner = [Words("panel.stop")]
    error = StoreroomError("no_such_code", "look_again", path=tmp_path, inner=inner, many={1, 2}, id=new_id(0))
    told = in_words(error, language)
    assert told["params"]["path"] == str(tmp_path) and isinstance(told["params"]["inner"], str)
    assert told["said"] == "no_such_code"
