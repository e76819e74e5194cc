"""Everything the panel can say exists in three languages."""

import re
from pathlib import Path
from typing import get_args

import pytest

from edge import words
from edge.domain import alarms, protections, records, search_query
from edge.domain.access import RIGHTS
from edge.domain.loans import FOLLOWS
from edge.panel import page_routes
from firmware import registers

PANEL = Path(words.__file__).parent.parent / "panel"
SCRIPTS = sorted(PANEL.glob("static/**/*.js"))


def test_every_literal_msgid_of_the_page_has_words():
    used = set()
    for path in [*SCRIPTS, PANEL / "templates" / "panel.html"]:
        used |= set(re.findall(r"\bsay(?:Or)?\([\"']([a-z_]+(?:\.[a-z_]+)+)[\"']", path.read_text("utf-8")))
    assert len(used) > 100
    assert sorted(used - set(words.load())) == []


def test_every_step_that_a_screen_names_says_what_to_do_and_more_about_it():
    asked = set()
    for path in SCRIPTS:
        asked |= set(re.findall(r"\bnowWords\(\"([a-z_.]+)\"", path.read_text("utf-8")))
    assert len(asked) > 10
    assert [msgid for name in sorted(asked) for msgid in (name, f"{name}_more") if msgid not in words.load()] == []


def test_every_screen_is_led_to_and_lights_only_a_work_that_the_rail_has():
    panel = (PANEL / "static" / "panel.js").read_text("utf-8")
    screens = dict(re.findall(r"^  \"?([\w-]+)\"?: \{ signedIn: \w+, rail: \"(\w*)\"", panel, re.M))
    page = (PANEL / "templates" / "panel.html").read_text("utf-8")
    links = "\n".join([page, *(path.read_text("utf-8") for path in SCRIPTS)])
    led_to = {*page_routes.SCREENS, *re.findall(r"#/([\w-]+)", links), *re.findall(r"\.go\([\"`]([\w-]+)", links)}
    assert len(screens) > 35
    assert [name for name in screens if name not in led_to] == []
    assert {rail for rail in screens.values() if rail} == set(page_routes.SCREENS)


@pytest.mark.parametrize("prefix", ["fault", "cause", "remedy"])
def test_every_fault_of_a_board_has_name_cause_and_remedy(prefix):
    assert [name for name, _ in registers.FAULTS if f"{prefix}.{name}" not in words.load()] == []


@pytest.mark.parametrize(
    ("prefix", "table"), [("input", registers.INPUTS), ("proof", registers.PROOFS)], ids=["inputs", "proofs"]
)
def test_every_input_and_proof_of_a_board_has_words(prefix, table):
    assert [name for name, _ in table if f"{prefix}.{name}" not in words.load()] == []


@pytest.mark.parametrize(
    ("constant", "prefix"), [("WHY_", "why."), ("END_", "end."), ("STATE_", "panel.run."), ("AISLE_", "panel.aisle.")]
)
def test_every_named_state_of_a_board_has_words(constant, prefix):
    names = [name[len(constant) :].lower() for name in vars(registers) if name.startswith(constant)]
    names = [name for name in names if not name.endswith("_mm")]
    assert names
    assert [name for name in names if prefix + name not in words.load()] == []


def test_loans_alarms_and_records_have_words_for_all_their_states():
    known = words.load()
    assert [state for state in FOLLOWS if f"panel.loan.{state}" not in known] == []
    for limit in protections.PAPER.values():
        assert f"panel.rule.{limit.rule}" in known
        assert f"panel.rule_next.{limit.rule}" in known
        assert f"panel.severity.{limit.severity}" in known
    assert [level for level in records.SECRECY if f"panel.secret.{level}" not in known] == []
    for what in get_args(alarms.Change):
        assert f"panel.event.alarm.{what}" in known


def test_every_way_to_be_found_and_to_filter_has_words():
    known = words.load()
    told = [f"panel.search.why.{why}" for why in get_args(records.Why)]
    told += [f"search.why.{why}" for why in get_args(records.Why)]
    told += [f"panel.search.by.{order}" for order in search_query.ORDERS]
    told += [f"panel.state.{state}" for state in search_query.STATES]
    in_the_open = {"title", "ref_code", "box_no"}  # shown by every hit
    told += [f"panel.search.inside.{field}" for field in get_args(records.Field) if field not in in_the_open]
    told += [f"panel.search.{name}" for name in ("fonds", "years", "category", "retention", "level", "place", "order")]
    assert [msgid for msgid in told if msgid not in known] == []


def test_every_action_that_the_product_writes_into_the_trace_has_words():
    edge = PANEL.parent
    actions = set()
    for path in edge.rglob("*.py"):
        actions |= set(re.findall(r"\.event\(\s*\"([a-z_]+\.[a-z_]+)\"", path.read_text("utf-8")))
    assert len(actions) > 15
    assert sorted(action for action in actions if f"panel.event.{action}" not in words.load()) == []


def test_the_placeholders_of_a_text_are_the_same_in_all_languages():
    for msgid, texts in words.load().items():
        found = {language: set(re.findall(r"\{(\w+)(?::[^{}]*)?\}", texts[language])) for language in words.LANGUAGES}
        assert len(set(map(frozenset, found.values()))) == 1, (msgid, found)


def test_what_the_guards_refuse_is_said_in_the_readers_language(desk):
    said = {
        language: desk.client().get("/api/v1/requests", headers={"accept-language": accepted}).json()["said"]
        for language, accepted in (("zh-Hans", "zh-CN,zh;q=0.9"), ("zh-Hant", "zh-TW"), ("en", "en-GB,en"))
    }
    assert said == {"zh-Hans": "请先登录。", "zh-Hant": "請先登入。", "en": "Please sign in first."}


def test_stop_is_never_called_an_emergency_stop():
    for language in words.LANGUAGES:
        assert words.say(language, "panel.stop") in ("停止", "Stop")


def test_every_right_that_a_screen_asks_for_exists_and_says_who_holds_it():
    asked = set()
    for path in SCRIPTS:
        asked |= set(re.findall(r"right: \"(\w+)\"|missing\(\"(\w+)\"", path.read_text("utf-8")))
    asked = {one or other for one, other in asked}
    assert len(asked) > 8
    assert asked <= frozenset().union(*RIGHTS.values())
    assert [right for right in sorted(asked) if f"panel.missing.{right}" not in words.load()] == []
