import pytest

from edge.domain import box_numbers


@pytest.mark.parametrize(
    ("text", "boxes"),
    [
        ("", []),
        ("Box 8", ["8"]),
        ("第12盒", ["12"]),
        ("12号盒", ["12"]),
        ("0012", ["0012"]),
        ("Units 18 & 20", ["18", "20"]),
        ("Unit 20 & 24", ["20", "24"]),
        ("Units 25-28", ["25", "26", "27", "28"]),
        ("1-5", ["1", "2", "3", "4", "5"]),
        ("0098-0101", ["0098", "0099", "0100", "0101"]),
        ("1A", ["1A"]),
        (".09.14", [".09.14"]),
        ("Electronic Records", ["Electronic Records"]),
        ("2011-1", ["2011-1"]),  # not a range: it falls
        ("1-2011", ["1-2011"]),  # not a range: two thousand boxes
        ("3, 3, 4", ["3", "4"]),
    ],
)
def test_box_numbers_are_read_as_lists_write_them(text: str, boxes: list[str]) -> None:
    assert box_numbers.split(text) == boxes
