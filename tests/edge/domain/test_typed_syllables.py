"""Chinese typed as syllables: what letters may be meant as."""

from edge.domain.typed_syllables import Syllables

SMALL = Syllables(
    {
        "li": ("李", "里"), "lei": ("雷",), "dang an": ("档案",), "dang an he": ("档案盒",), "shen": ("深",),
        "shen shui": ("渗水",), "xian": ("先",), "xi an": ("西安",),
    }
)  # fmt: skip


def texts(letters, *own):
    return [one.text for one in SMALL.offers(letters, {name: name for name in own})]


def test_a_word_is_offered_for_its_syllables_for_their_initials_and_for_their_beginning():
    assert texts("dangan")[:2] == ["档案", "档案盒"]
    assert texts("da")[0] == texts("dan")[0] == "档案"
    assert "档案盒" in texts("dah")
    assert texts("xian") == ["先", "西安"]


def test_what_is_in_no_list_is_written_character_by_character():
    first = next(one for one in SMALL.offers("lilei") if one.text == "李")
    assert first.used == 2
    assert texts("lilei"[first.used :]) == ["雷"]


def test_names_of_the_site_come_first():
    assert texts("lilei", "李雷")[0] == texts("ll", "李雷")[0] == "李雷"
    assert texts("zz", "李雷") == []


def test_a_name_is_found_by_any_reading_of_its_characters():
    """In the real table 王 stands under yu before it stands under wang, and 平 under bing."""
    table = Syllables({"yu": ("于", "王"), "wang": ("王",), "bing": ("冰", "平"), "ping": ("平",), "he": ("何",)})
    for letters in ("wang", "wangp", "wangping", "wp"):
        assert table.offers(letters, {"王平": "王平"})[0].text == "王平", letters
    assert table.offers("hep", {"何平": "何平"})[0].text == "何平"
    assert table.offers("wangb", {"王何": "王何"})[0].text != "王何"


def test_a_name_in_traditional_characters_is_offered_as_it_is_written():
    assert SMALL.offers("lilei", {"裡雷": "里雷"})[0].text == "裡雷"
