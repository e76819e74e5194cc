"""四性检测: what each property finds, and that nothing unchecked is called good."""

from dataclasses import replace

import pytest

from edge.domain.four_checks import PROPERTIES, Arrived, judge, overall, report
from edge.domain.page_seen import FileFacts
from edge.words import load

FACTS = FileFacts("PDF 1.7", "Li", "D:20240301101500", "2024:03:02 10:00:00", "Scanner 3")
GOOD = Arrived(FACTS, "file", "ab" * 32, "AB" * 32, "20261122", 3, 0, 0, True, ())


def verdicts(arrived):
    findings = judge(arrived)
    return {of: overall(findings, of) for of in PROPERTIES}


def test_a_good_file_passes_in_all_four():
    assert set(verdicts(GOOD).values()) == {"pass"}


@pytest.mark.parametrize(
    ("changed", "of", "verdict"),
    [
        ({"handed_sha256": "cd" * 32}, "authenticity", "fail"),
        ({"facts": replace(FACTS, created="D:20300101")}, "authenticity", "doubt"),
        ({"facts": replace(FACTS, created="D:20240305")}, "authenticity", "doubt"),
        ({"facts": replace(FACTS, created="", modified="")}, "authenticity", "doubt"),
        ({"missing": (4, 5)}, "integrity", "doubt"),
        ({"item_known": False}, "integrity", "doubt"),
        ({"jumps": 1}, "integrity", "doubt"),
        ({"held": 1}, "usability", "fail"),
        ({"facts": replace(FACTS, format="WEBP")}, "usability", "doubt"),
        ({"name": "a.jpg"}, "usability", "doubt"),
        ({"name": "决算"}, "usability", "doubt"),
        ({"facts": replace(FACTS, alarming=("script",))}, "safety", "fail"),
        ({"facts": replace(FACTS, alarming=("unknown",))}, "safety", "doubt"),
    ],
)
def test_each_fault_shows_in_its_property_alone(changed, of, verdict):
    assert verdicts(replace(GOOD, **changed)) == {**dict.fromkeys(PROPERTIES, "pass"), of: verdict}


def test_a_name_that_ends_as_its_content_does_is_no_fault():
    for name in ("a.pdf", "A.PDF", "a.b.Pdf", ""):
        assert set(verdicts(replace(GOOD, name=name)).values()) == {"pass"}


def test_every_missing_page_is_named_also_where_they_are_many():
    missing = (2, *range(4, 40), 41)
    (finding,) = [one for one in judge(replace(GOOD, missing=missing)) if one.code == "pages_missing"]
    assert finding.params == {"pages": "2, 4–39, 41"}


def test_what_nobody_here_can_check_says_so_and_every_finding_has_words():
    findings = judge(replace(GOOD, handed_sha256="", missing=None))
    assert {one.code for one in findings if one.verdict == "unchecked"} == {
        *("digest_not_handed", "count_unsaid", "virus_not_scanned"),
    }
    cases = [GOOD, replace(GOOD, source="camera"), replace(GOOD, missing=None), replace(GOOD, jumps=2, held=1)]
    cases += [
        replace(GOOD, facts=replace(FACTS, alarming=("script", "program", "attachment", "form", "bytes_behind_end")))
    ]
    cases += [replace(GOOD, name="a.jpg")]
    codes = {one.code for case in cases for one in judge(case)}
    assert not [code for code in codes if f"four_checks.{code}" not in load()]
    assert report(findings, GOOD.sha256, 1)["overall"]["safety"] == "pass"
