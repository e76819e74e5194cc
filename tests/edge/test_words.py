"""Every word a person may meet exists in Simplified Chinese, Traditional Chinese and English."""

import ast
import re
import string
from pathlib import Path
from typing import get_args

import pytest

from edge import errors
from edge.domain.block import RunState
from edge.domain.loans import FOLLOWS
from edge.store.differences import MAY_FOLLOW
from edge.words import LANGUAGES, catalogue, load, say

ROOT = Path(__file__).parents[2]
FOLDERS = [
    ROOT / "edge" / "words",
    ROOT / "cloud_sync" / "words",
    ROOT / "hardware_tests" / "virtual" / "words",
    ROOT / "hardware_tests" / "words",
]
FAMILIES = {name for name in dir(errors) if isinstance(getattr(errors, name), type)}


def raised_codes(package):
    """(file, code, recovery) of every StoreroomError raised with literal codes."""
    for path in sorted((ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FAMILIES:
                literals = [arg.value for arg in node.args[:2] if isinstance(arg, ast.Constant)]
                if len(literals) == 2:
                    yield path.relative_to(ROOT), *literals


@pytest.mark.parametrize(("package", "folder"), [("edge", FOLDERS[0]), ("cloud_sync", FOLDERS[1])])
def test_every_error_that_is_raised_has_words_and_a_way_out(package, folder):
    words = load(folder)
    missing = [
        f"{path}: {msgid}"
        for path, code, recovery in raised_codes(package)
        for msgid in (f"error.{code}", f"recovery.{recovery}")
        if msgid not in words
    ]
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_the_three_languages_of_a_word_have_the_same_placeholders(folder):
    differing = []
    for msgid, texts in load(folder).items():
        fields = {
            language: {name for _, name, _, _ in string.Formatter().parse(texts[language]) if name}
            for language in LANGUAGES
        }
        if len({frozenset(names) for names in fields.values()}) != 1:
            differing.append(f"{msgid}: {fields}")
    assert not differing, "\n".join(differing)


def test_english_counts_one_thing_and_many_things():
    assert say("en", "panel.alarm.chip_open", count=1) == "1 alarm"
    assert say("en", "panel.alarm.chip_open", count="1") == "1 alarm"
    assert say("en", "panel.alarm.chip_open", count=0) == "0 alarms"
    assert say("en", "panel.print.ready", listed=12, pages=1) == "Ready: 12 entries on 1 page"
    assert say("zh-Hant", "panel.alarm.chip_open", count=1) == "1 項警報"


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_forms_of_number_stand_where_a_number_is_filled_in_and_are_two(folder):
    loose = {
        msgid
        for msgid, texts in load(folder).items()
        for _, name, form, _ in string.Formatter().parse(texts["en"])
        if name and form and form.count("|") != 1
    }
    assert not loose


def test_a_word_without_one_of_the_languages_is_refused_at_load(tmp_path):
    (tmp_path / "gap.toml").write_text('[panel.stop]\nzh-Hans = "停止"\nen = "Stop"\n', "utf-8")
    with pytest.raises(ValueError, match=r"panel\.stop: no words in zh-Hant"):
        load(tmp_path)


def test_a_word_defined_twice_is_refused_at_load(tmp_path):
    text = '[stop]\nzh-Hans = "停止"\nzh-Hant = "停止"\nen = "Stop"\n'
    (tmp_path / "a.toml").write_text(text, "utf-8")
    (tmp_path / "b.toml").write_text(text, "utf-8")
    with pytest.raises(ValueError, match="stop: defined twice"):
        load(tmp_path)


def test_placeholders_are_filled_in_the_readers_language(tmp_path):
    (tmp_path / "a.toml").write_text('[box]\nzh-Hans = "{no} 号盒"\nzh-Hant = "{no} 號盒"\nen = "box {no}"\n', "utf-8")
    assert say("zh-Hant", "box", tmp_path, no=12) == "12 號盒"
    assert catalogue("en", folder=tmp_path) == {"box": "box {no}"}


def test_a_refusal_names_faults_and_circuits_as_the_screens_do():
    assert say("zh-Hans", "error.column_fault", column=3, fault="stall") == "第 3 列有故障：移动列卡住"
    told = say("en", "error.proof_failed", column=3, circuits="edge_left, beam_right")
    assert told.endswith(f"{say('en', 'proof.edge_left')}, {say('en', 'proof.beam_right')}")
    assert say("en", "error.column_fault", column=3, fault="bit_31").endswith(": bit_31"), "a bit that no map names"


def test_a_refusal_names_states_as_the_screens_do():
    said = say("zh-Hans", "error.loan_state", loan="1", loan_state="verified", loan_wanted="handed_over")
    assert said == "该申请当前状态为“已核对”，不能转为“已移交”"
    assert "moving" not in say("zh-Hant", "error.column_not_ready", column=4, column_state="moving")
    assert "counting" not in say("zh-Hans", "error.bay_state", bay="B1-A-03-R-02", bay_state="counting")


@pytest.mark.parametrize(
    ("table", "states"),
    [("panel.loan", FOLLOWS), ("panel.run", get_args(RunState)), ("panel.stock.state", MAY_FOLLOW)],
)
def test_every_state_that_a_refusal_may_name_has_words(table, states):
    assert [state for state in states if f"{table}.{state}" not in catalogue("en")] == []


@pytest.mark.parametrize(("language", "charset"), [("zh-Hans", "gb2312"), ("zh-Hant", "big5hkscs")])
def test_each_chinese_is_written_in_its_own_characters(language, charset):
    """The national character set of the one does not hold the characters of the other."""
    strange = [
        f"{msgid}: {texts[language]}"
        for folder in FOLDERS
        for msgid, texts in load(folder).items()
        if not written_in(re.findall(r"[\u3400-\u9fff]", texts[language]), charset)
    ]
    assert not strange, "\n".join(strange)


def written_in(characters, charset):
    try:
        "".join(characters).encode(charset)
    except UnicodeEncodeError:
        return False
    return True


def test_carriages_are_closed_up_and_boxes_are_put_right_each_by_a_word_of_its_own():
    words = load(FOLDERS[0])
    for language, word in (("zh-Hans", "归位"), ("zh-Hant", "歸位"), ("en", "ut right")):
        used = {msgid for msgid, texts in words.items() if word in texts[language]}
        assert "panel.stock.put_right" in used
        assert not {one for one in used if "pose" in one or "park" in one or "moves" in one}, f"{word}: of carriages"
