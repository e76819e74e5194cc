"""What electronic copies are called."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from edge.domain import file_names
from edge.domain.records import Item

ITEM = Item(
    *("i", "SR1:I0000000000000X", "Z109-WS·2011-Y-BGS-0001", "Z109/WS/2011/Y/BGS//1", "Z109", "题名", 2011, "Y"),
    *("public", "", "", "", "", None, None, None, "shelved", None),
)


def test_the_name_follows_the_archive_number_or_the_label_where_there_is_none():
    assert file_names.page_file_name(ITEM, 3) == "Z109-WS·2011-Y-BGS-0001-003.jpg"
    numberless = replace(ITEM, ref_code="", ref_key=None, year=None)
    assert file_names.page_file_name(numberless, 1) == "SR1_I0000000000000X-001.jpg"


@given(st.text(max_size=200))
def test_whatever_a_number_holds_its_file_name_stays_in_its_folder(text):
    name = file_names.page_file_name(replace(ITEM, ref_code=text), 1)
    assert name not in (".", "..") and not set('/\\:*?"<>|\n\0') & set(name) and len(name) < 100
