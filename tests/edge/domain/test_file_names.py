"""What electronic copies are called."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from edge.domain import file_names
from edge.domain.records import Item

ITEM = Item(
    *("i", "SR1:I0000000000000X", "Z109-WS·2011-Y-BGS-0001", "Z109/WS/2011/Y/BGS//1", "Z109", "题名", 2011, "Y"),
    *("public", "", "", "", None, None, None, "shelved", None),
)


def test_name_and_folders_follow_the_archive_number():
    assert file_names.page_file_name(ITEM, 3) == "Z109-WS·2011-Y-BGS-0001-003.jpg"
    assert str(file_names.page_path(ITEM, 3)) == (
        "Z109/WS/2011/Z109-WS·2011-Y-BGS-0001/Z109-WS·2011-Y-BGS-0001-003.jpg"
    )
    numberless = replace(ITEM, ref_code="", ref_key=None, year=None)
    assert str(file_names.page_path(numberless, 1)).startswith("Z109/_/_/SR1_I0000000000000X/")


@given(st.text(max_size=200))
def test_whatever_a_number_holds_its_file_name_stays_in_its_folder(text):
    name = file_names.page_file_name(replace(ITEM, ref_code=text), 1)
    assert name not in (".", "..") and not set('/\\:*?"<>|\n\0') & set(name) and len(name) < 100
    assert len(file_names.page_path(replace(ITEM, fonds_no=text), 1).parts) == 5
