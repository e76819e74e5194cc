import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypinyin import Style, lazy_pinyin

from edge.domain import pinyin


def test_a_character_has_its_reading_in_the_word_and_the_one_it_has_alone() -> None:
    assert pinyin.sounds("关于会计") == "guan yu kuai/hui ji"
    assert pinyin.sounds("銀行, 2016") == "yin hang/xing"
    assert pinyin.sounds("Guide") == ""


def test_titles_are_read_as_the_dictionary_itself_reads_them() -> None:
    """By its words where it has them; the tone is left away and ü is v."""
    for title in ("关于重庆会计的通知", "女儿出行绿色银行", "𠀀々〇会", "省略号的调整"):
        han = "".join(pinyin.HAN.findall(title))
        heard = [one.split("/")[0] for one in pinyin.sounds(title).split()]
        read = lazy_pinyin(han, style=Style.NORMAL, errors=list)
        assert [mine if mine != "-" else theirs for mine, theirs in zip(heard, read, strict=True)] == read


@pytest.mark.parametrize(
    ("letters", "found"),
    [
        ("hyjy", ("initials", 0, 4)),
        ("jy", ("initials", 2, 2)),
        ("huiyi", ("pinyin", 0, 2)),
        ("huiyijiyao", ("pinyin", 0, 4)),
        ("huiyijiy", ("pinyin", 0, 4)),
        ("jiyao", ("pinyin", 2, 2)),
        ("yao", ("pinyin", 3, 1)),
        ("kuaiyi", ("pinyin", 0, 2)),
        ("yihui", None),
        ("uiyi", None),
        ("hyjyy", None),
    ],
)
def test_initials_and_whole_syllables_are_heard(letters: str, found: tuple[str, int, int] | None) -> None:
    assert pinyin.find("hui/kuai yi ji yao", letters) == found


def test_readings_of_neighbouring_characters_combine_freely() -> None:
    heard = pinyin.sounds("重庆会计")
    for letters in ("cqkj", "zqkj", "cqhj", "zqhj", "chongqinghuiji", "zhongqingkuaiji"):
        assert pinyin.find(heard, letters), letters


def test_letters_that_can_be_cut_in_two_ways_mean_both() -> None:
    assert ("xian",) in pinyin.cuts("xian") and ("xi", "an") in pinyin.cuts("xian")
    assert pinyin.find("xi an", "xian") and pinyin.find("xian", "xian")


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(["hui/kuai", "yi", "xi", "an", "xian", "ji", "da", "e", "-"]), max_size=8), st.data())
def test_whatever_sounds_has_its_tokens_in_the_index(heard_list: list[str], data: st.DataObject) -> None:
    heard = " ".join(heard_list)
    letters = data.draw(st.text("huikyanjdex", min_size=2, max_size=9))
    found = pinyin.find(heard, letters)
    if found is None:
        return
    tokens = pinyin.index_tokens(heard).split()

    def there(term: str) -> bool:
        bare = term.strip("()").rstrip("*").strip('"')
        return any(token.startswith(bare) if term.rstrip(")").endswith("*") else token == bare for token in tokens)

    alternatives = pinyin.expression(letters)[1:-1].split(" OR ")
    assert any(all(there(term) for term in one.split(" AND ")) for one in alternatives)
