import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.domain import search_text


def matches(text: str, runs: list[str]) -> bool:
    normalised = search_text.normalise(text)
    return all(search_text.find_run(normalised, run) >= 0 for run in runs)


def test_the_index_has_every_bigram_and_every_character() -> None:
    assert search_text.index_tokens("会计档案, 2016 Guide") == "会计 计档 档案 会 计 档 案 2016 guide"


@pytest.mark.parametrize("query", ["會計檔案", "会计", "案", "ＧＵＩＤＥ", "gui", "album 会计", "Álb"])
def test_traditional_full_width_accents_and_beginnings_of_words_are_found(query: str) -> None:
    assert matches("Guide to the Album 会计档案", search_text.query_runs(query))


@pytest.mark.parametrize("query", ["uide", "案档", "会档", "guide tothe"])
def test_what_only_looks_similar_is_not_found(query: str) -> None:
    assert not matches("Guide to the Album 会计档案", search_text.query_runs(query))


@settings(max_examples=150, deadline=None)
@given(st.text("会计档案通知办理城市ab1 《》-", max_size=20), st.data())
def test_the_index_never_misses_what_the_text_has(text: str, data: st.DataObject) -> None:
    """Every piece of a text leads, token by token, to tokens of that text's index."""
    start = data.draw(st.integers(0, len(text)))
    piece = text[start : data.draw(st.integers(start, len(text)))]
    runs = search_text.query_runs(piece)
    if not runs or not matches(text, runs):
        return
    tokens = search_text.index_tokens(text).split()
    for wanted in search_text.match_expression(runs).split(" AND "):
        bare = wanted.rstrip("*").strip('"')
        assert any(token.startswith(bare) if wanted.endswith("*") else token == bare for token in tokens)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=50))
def test_no_text_makes_an_expression_that_the_index_would_misread(text: str) -> None:
    for run in search_text.query_runs(text):
        assert '"' not in run and run.strip() == run


HAN = st.text(st.characters(min_codepoint=0x3400, max_codepoint=0x9FFF), max_size=8)


@settings(max_examples=200, deadline=None)
@given(HAN, HAN)
def test_a_piece_of_a_text_is_compared_alike_wherever_it_stands(one: str, other: str) -> None:
    """Else what is written before a character could hide it from a search."""
    whole = search_text.normalise(one + other)
    assert whole == search_text.normalise(one) + search_text.normalise(other)
    assert search_text.normalise(whole) == whole


def test_two_simplified_forms_of_one_character_are_one() -> None:
    for traditional, simplified in (
        ("瞭解", "了解"),
        ("接著", "接着"),
        ("乾隆", "干隆"),
        ("乾燥", "干燥"),
        ("憑藉", "凭借"),
    ):
        assert search_text.normalise(traditional) == search_text.normalise(simplified)


PLAIN = st.text("会计檔案〔２０１１〕ＡｂC，。·—“”…　 x9", max_size=30)


@settings(max_examples=200, deadline=None)
@given(PLAIN)
def test_plain_text_is_compared_as_any_other(text: str) -> None:
    """The short way and the long one, which a letter with an accent asks for, agree."""
    assert search_text.normalise(text + "é") == search_text.normalise(text) + "e"


@pytest.mark.parametrize(
    ("text", "traditional"),
    [
        ("無受想行識亦無得", True),
        ("关于召开会议的通知", False),
        ("著录项目，覆盖率", False),
        ("張三丰", False),
        ("J019", False),
    ],
)
def test_traditional_text_is_told_from_simplified_and_from_a_single_name(text: str, traditional: bool) -> None:
    assert search_text.is_traditional(text) is traditional
