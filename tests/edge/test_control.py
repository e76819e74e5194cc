"""The running node's socket: a verb's answer, its progress and its errors reach the command line as they are."""

import pytest

from edge.control import ControlServer, ask, is_running
from edge.errors import InputRefused, LinkFault


@pytest.fixture
def served(tmp_path):
    def count(args, progress):
        for number in range(args["to"]):
            progress({"done": number})
        return {"counted": args["to"]}

    def refuse(args, progress):
        raise InputRefused("label_unreadable", "scan_again", text=args["text"])

    server = ControlServer(tmp_path / "node.sock", {"count": count, "refuse": refuse})
    yield tmp_path / "node.sock"
    server.close()


def test_progress_comes_before_the_answer(served):
    seen = []
    assert ask(served, "count", {"to": 3}, seen.append) == {"counted": 3}
    assert seen == [{"done": 0}, {"done": 1}, {"done": 2}]


def test_an_error_keeps_its_family_code_and_params(served):
    with pytest.raises(InputRefused) as refused:
        ask(served, "refuse", {"text": "号"})
    assert (refused.value.code, refused.value.recovery, refused.value.params) == (
        "label_unreadable",
        "scan_again",
        {"text": "号"},
    )


def test_an_unknown_verb_is_refused_with_the_next_step(served):
    with pytest.raises(LinkFault) as refused:
        ask(served, "open_aisle", {})
    assert refused.value.recovery == "update_storeroom"


def test_nobody_else_on_the_machine_may_use_the_socket(served):
    assert served.stat().st_mode & 0o777 == 0o600


def test_a_node_that_is_gone_is_not_running(tmp_path, served):
    assert is_running(served)
    assert not is_running(tmp_path / "other.sock")


def test_looking_whether_a_node_runs_troubles_nobody(served, capfd):
    assert is_running(served)
    assert ask(served, "count", {"to": 0}) == {"counted": 0}
    assert "Traceback" not in capfd.readouterr().err


def test_a_node_that_went_away_is_said_in_words_and_not_as_a_traceback(tmp_path):
    with pytest.raises(LinkFault, match="node_went_away"):
        ask(tmp_path / "gone.sock", "count", {"to": 0})
