"""What an OFD says of itself and the text it carries; nothing hostile gets further than not being understood."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.domain import ofd as under_test
from edge.domain.e_files import recognise
from edge.domain.ofd import CutShort, Unreadable, facts_of, layer_of
from tests.edge.domain.ofd_file import content, ofd, text

LETTER = ofd(
    content(text("各单位：", 20, 60), text("防汛的通知", 90, 30, 30), text("关于", 80, 30, 9)),
    content(),
    signed=True,
    attached=True,
)


def test_its_author_dates_and_program_are_what_it_says_and_an_attachment_alarms():
    facts = facts_of(LETTER)
    assert (facts.format, facts.author, facts.created, facts.made_with) == ("OFD", "办公室", "2024-03-01", "Suite 3.1")
    assert facts.alarming == ("attachment",) and facts_of(ofd(content())).alarming == ()
    assert recognise(LETTER).facts == facts


def test_its_text_comes_page_by_page_from_top_to_bottom_however_its_pieces_are_ordered():
    layer = layer_of(LETTER)
    assert (layer.title, layer.count, layer.pages) == ("关于防汛的通知", 2, ("关于防汛的通知\n各单位：", ""))
    assert layer.signed and not layer_of(ofd(content())).signed


def test_a_form_under_the_page_belongs_to_it_and_a_wide_gap_is_a_blank():
    bill = ofd(content(text("1200.00", 60, 40), form="7"), form=content(text("合计", 20, 40, 10)))
    assert layer_of(bill).pages == ("合计 1200.00",)


@pytest.mark.parametrize(
    "more",
    [
        {"OFD.xml": "<!DOCTYPE a [<!ENTITY b 'c'>]><ofd>&b;</ofd>"},
        {"Doc_0/Document.xml": "not XML"},
        {"Doc_0/Pages/Page_0/Content.xml": "<a>" + "x" * under_test.XML_BYTES_AT_MOST + "</a>"},
        {"Doc_0/Pages/Page_0/Content.xml": content().replace("</ofd:Layer>", text("a", 1, 1).replace("1 1", "one"))},
    ],
)
def test_what_declares_entities_swells_or_is_no_xml_is_not_understood_and_kept_all_the_same(more):
    with pytest.raises(Unreadable):
        layer_of(ofd(content(), more=more))
    assert recognise(ofd(content(), more=more)).whole is not False, "what nobody could read is not called cut short"


def test_one_that_was_cut_short_has_no_list_of_contents():
    with pytest.raises(CutShort):
        facts_of(LETTER[:-40])
    assert not recognise(LETTER[:-40]).whole


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=8))
def test_no_damage_is_more_than_not_understanding_it(hits):
    damaged = bytearray(LETTER)
    for where, value in hits:
        damaged[min(len(damaged) - 1, int(where * len(damaged)))] = value
    recognise(bytes(damaged))
    with suppress(Unreadable):
        layer_of(bytes(damaged))
