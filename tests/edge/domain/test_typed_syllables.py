"""Chinese typed as syllables: what letters may be meant as."""

from edge.domain.typed_syllables import Syllables

SMALL = Syllables(
    {
        "li": ("李", "里"), "lei": ("雷",), "dang an": ("档案",), "dang an he": ("档案盒",), "shen": ("深",),
        "shen shui": ("渗水",), "xian": ("先",), "xi an": ("西安",),
    }
)  # fmt: skip


def texts(letters, own=()):
    return [one.text for one in SMALL.offers(letters, own)]


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
    assert texts("lilei", ["李雷"])[0] == texts("ll", ["李雷"])[0] == "李雷"
    assert texts("zz", ["李雷"]) == []
