"""Every code the centre and the sync can raise or show has its words, in three languages."""

import ast
import re
from pathlib import Path

import pytest

from cloud_sync.console.pages import _words_of_the_room
from edge.domain.access import CLEARANCE, RIGHTS
from edge.domain.aisles import WHY
from edge.words import LANGUAGES, load

ROOT = Path(__file__).parent.parent.parent
CENTRAL = load(ROOT / "cloud_sync/words")
EDGE = load()
RAISED = re.compile(
    r"(?:RuleRefused|InputRefused|DeviceFault|StoreError|LinkFault|NotLoggedIn)\(\s*\"(\w+)\",\s*\"(\w+)\""
)


def raised(folder):
    for path in sorted((ROOT / folder).rglob("*.py")):
        yield from RAISED.findall(path.read_text("utf-8"))


@pytest.mark.parametrize(("folder", "words"), [("cloud_sync", CENTRAL), ("edge/sync", EDGE)])
def test_every_error_says_what_happened_and_what_to_do(folder, words):
    found = set(raised(folder))
    assert found
    missing = [name for code, way in found for name in (f"error.{code}", f"recovery.{way}") if name not in words]
    assert not missing


def test_every_reason_of_the_quarantine_has_words():
    text = (ROOT / "cloud_sync/ingest.py").read_text("utf-8")
    reasons = set(re.findall(r'Unacceptable\(\s*"(\w+)"', text)) | {"gap", "chain", "body", "envelope", "fields"}
    assert len(reasons) > 8 and not [why for why in reasons if f"quarantine.{why}" not in CENTRAL]


def test_every_reason_why_the_centres_holding_does_not_verify_has_words():
    text = (ROOT / "cloud_sync/store/nodes.py").read_text("utf-8")
    reasons = {"gap", "chain", "body", "envelope", "fields"} | set(re.findall(r'Bad\(.*?"(\w+)"\)', text))
    assert "checkpoint" in reasons and not [why for why in reasons if f"cli.broken.{why}" not in CENTRAL]


def test_every_word_that_the_pages_ask_for_exists():
    asked = set()
    for path in (ROOT / "cloud_sync/console").rglob("*.*"):
        if path.suffix in (".js", ".html"):
            text = path.read_text("utf-8")
            asked |= set(re.findall(r'say\(\s*"([\w.]+)"', text)) | set(re.findall(r'words\["([\w.]+)"\]', text))
    assert len(asked) > 20 and not asked - CENTRAL.keys()


def test_every_language_has_its_own_name():
    assert len({CENTRAL["console.language"][language] for language in LANGUAGES}) == 3


def literal_bodies():
    """Field names of every event body that is written as a dictionary in the call."""
    for path in sorted((ROOT / "edge").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "event":
                for body in (keyword.value for keyword in node.keywords if keyword.arg == "body"):
                    if isinstance(body, ast.Dict):
                        yield from (key.value for key in body.keys if isinstance(key, ast.Constant))


def test_every_field_of_an_event_has_words_or_is_left_out():
    said = (ROOT / "cloud_sync/console/static/said.js").read_text("utf-8")
    left_out = set(re.findall(r'"(\w+)"', re.search(r"LEFT_OUT = new Set\(\[(.*?)\]", said, re.S)[1]))
    fields = set(literal_bodies())
    assert len(fields) > 20
    assert [name for name in sorted(fields - left_out) if f"field.{name}" not in CENTRAL] == []


def test_every_reason_why_an_aisle_counts_as_occupied_has_words_at_the_centre_too():
    shown = _words_of_the_room("zh-Hans")
    assert [why for why in WHY if f"why.{why}" not in shown] == []


def test_every_right_and_role_that_an_event_may_name_has_words():
    roles = {f"role.{role}" for role in (*RIGHTS, *CLEARANCE)}
    named = roles | {f"right.{right}" for rights in RIGHTS.values() for right in rights}
    assert len(named) > 30 and named - CENTRAL.keys() == set()
