"""Whatever people do in whatever order: a fixed number stays, none is given twice, and gaps are what is missing."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edge.domain import sequencing
from edge.errors import RuleRefused
from edge.workflows import correct, seal
from tests.edge.workflows.archive_desk import sit_down

ACTS = st.lists(st.tuples(st.sampled_from(["add", "add", "void", "renumber", "seal"]), st.integers(0, 99)), max_size=14)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTS)
def test_fixed_numbers_stay_and_none_is_ever_given_twice(database, acts):
    desk = sit_down(database)
    test_fixed_numbers_stay_and_none_is_ever_given_twice.runs += 1
    of = desk.series(classes=f"T{test_fixed_numbers_stay_and_none_is_ever_given_twice.runs}")
    live, fixed, is_sealed = [], {}, False
    for act, draw in acts:
        if act == "add":
            live.append(desk.item(of).id)
        elif act == "void" and live:
            gone = live.pop(draw % len(live))
            fixed[gone] = desk.number(gone)
            correct.void(desk.archive, desk.one, "item", gone, "误录")
        elif act == "renumber" and live:
            register = desk.archive.numbering.standing(of.id)[0].register
            order = live[draw % len(live) :] + live[: draw % len(live)]
            try:
                seal.renumber(desk.archive, desk.one, register.id, order)
                assert not is_sealed
            except RuleRefused:
                assert is_sealed
        elif act == "seal" and (live or fixed) and not is_sealed:
            seal.review(desk.archive, desk.other, of.id, 2011)
            seal.seal(desk.archive, desk.one, of.id, 2011, "缺号已查")
            is_sealed = True
        fixed |= {one: desk.number(one) for one in live} if is_sealed else {}
        everybody = {one: desk.number(one) for one in [*live, *fixed]}
        assert {one: everybody[one] for one in fixed} == fixed
        assert len(set(everybody.values())) == len(everybody)
    for standing in desk.archive.numbering.standing(of.id):
        numbers = {int(desk.number(one)[-4:]) for one in {*live, *fixed}}
        assert standing.gaps == sequencing.gaps(numbers)


test_fixed_numbers_stay_and_none_is_ever_given_twice.runs = 0


@given(st.sets(st.integers(1, 60)))
def test_gaps_and_numbers_together_are_the_whole_run(numbers):
    missing = {no for first, last in sequencing.gaps(numbers) for no in range(first, last + 1)}
    assert not missing & numbers
    assert missing | numbers == set(range(1, max(numbers, default=0) + 1))


@given(st.lists(st.uuids().map(str), unique=True, max_size=20), st.sets(st.integers(1, 30)))
def test_a_new_order_goes_around_what_stands(wanted, standing):
    numbers = sequencing.renumbered(wanted, standing)
    assert list(numbers) == wanted and sorted(numbers.values()) == list(numbers.values())
    assert not set(numbers.values()) & standing
    assert not sequencing.gaps({*numbers.values(), *(no for no in standing if no < max(numbers.values(), default=0))})
