"""One wrong character: looked for around the halves of a run, in texts as they are written."""

from random import Random

from edge.domain import search_near, search_query, search_text

SIGNS = "会會议議纪紀要远遠古里裡裏内a1，…"


def test_a_run_is_found_around_its_halves_wherever_the_whole_pattern_would_find_it() -> None:
    random, found = Random(7), 0
    for _ in range(60):
        run = "".join(random.choice("会议纪要远古里内") for _ in range(random.randint(3, 6)))
        [nearly] = search_near.expressions(search_query.terms(run))
        for _ in range(20):
            at = random.randrange(len(run))
            middle = run[:at] + random.choice(SIGNS) * random.randint(0, 2) + run[at + random.randint(0, 1) :]
            text = random.choice(SIGNS) * random.randint(0, 2) + middle + random.choice(SIGNS)
            whole = nearly.pattern.search(search_text.normalise(text)) is not None
            assert nearly.in_text(text) == whole, (run, text)
            found += whole
    assert 200 < found < 1200, "both answers are tried"
