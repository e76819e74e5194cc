"""Rule 7 in the motion process: a loss anywhere makes every board forget, once, and an unfinished finding is let be.

The boards of these stories are the firmware's own (Safety and Motion), told in reports as the bus would.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.domain.block import Loss
from edge.motion.forgetting import AGAIN_MS, Ask, Forgetting, asks, step
from firmware import registers as r
from firmware.carriage.motion import Motion
from firmware.carriage.safety import Safety
from tests.edge.carriage_report import at_rest

COLUMNS = (2, 3, 4)
NAMES = {r.LOSS_TOLD: "", r.LOSS_POWER_UP: "power_up", r.LOSS_CRANKED: "cranked"}


def reports(*losses, offline=(), **changes):
    """Columns 2, 3, 4; each of ``losses`` (column, cause, number). Who lost a place, knows none."""
    lost = {column: (cause, number) for column, cause, number in losses}
    found = {}
    for column in COLUMNS:
        cause, number = lost.get(column, ("", 0))
        found[column] = at_rest(column, None if cause else 100 * column, loss=cause, loss_word=number, **changes)
        if column in offline:
            found[column] = replace(found[column], online=False, loss="", loss_word=0)
    return found


def after(*seen, forgetting=None, now_ms=0):
    forgetting = forgetting or Forgetting()
    for one in seen:
        forgetting = step(forgetting, one, now_ms)
    return forgetting


CRANKED = reports((3, "cranked", 0x0703))


def test_a_block_that_lost_nothing_is_asked_nothing():
    forgetting = after(reports())
    assert forgetting.over and asks(forgetting, reports(), 0) == () and forgetting.loss(reports()) is None


def test_the_others_forget_first_and_only_then_is_the_loss_answered():
    forgetting = after(CRANKED)
    assert asks(forgetting, CRANKED, 0) == (Ask(2), Ask(4))
    assert forgetting.loss(CRANKED) == Loss(0, ((3, "cranked"),), (2, 3, 4))
    forgetting = forgetting.confirmed(Ask(2))
    assert asks(forgetting, CRANKED, 0) == (Ask(4),)
    forgetting = forgetting.confirmed(Ask(4))
    assert asks(forgetting, CRANKED, 0) == (Ask(3, answers=0x0703),)
    forgetting = step(forgetting.confirmed(Ask(3, 0x0703)), reports(), 0)
    assert forgetting.over and forgetting.loss(reports()) == Loss(0, ((3, "cranked"),), ())
    assert asks(forgetting, reports(), 0) == ()


def test_a_newer_loss_has_everybody_told_again():
    told = after(CRANKED).confirmed(Ask(2)).confirmed(Ask(4))
    again = reports((3, "cranked", 0x0803))
    assert asks(step(told, again, 0), again, 0) == (Ask(2), Ask(4))
    also = reports((3, "cranked", 0x0703), (4, "moved", 0x0104))
    forgetting = step(told, also, 0)
    assert asks(forgetting, also, 0) == (Ask(2),)
    assert forgetting.causes == ((3, "cranked"), (4, "moved"))


def test_a_board_that_does_not_confirm_is_asked_again_and_holds_the_rest_up():
    forgetting = after(CRANKED).confirmed(Ask(2)).not_all(0)
    assert asks(forgetting, CRANKED, AGAIN_MS - 1) == ()
    assert asks(forgetting, CRANKED, AGAIN_MS) == (Ask(4),)


def test_a_silent_board_is_waited_for_and_the_loss_stays_open_until_it_forgot_too():
    silent = reports((3, "cranked", 0x0703), offline=(4,))
    forgetting = after(silent).confirmed(Ask(2))
    assert asks(forgetting, silent, 0) == ()
    assert forgetting.loss(silent).waiting == (3, 4)
    assert asks(forgetting, CRANKED, 0) == (Ask(4),)


def test_the_silence_of_the_board_that_lost_its_place_takes_nothing_back_and_tells_nobody_twice():
    silent = reports((3, "cranked", 0x0703), offline=(3,))
    forgetting = after(CRANKED).confirmed(Ask(2)).confirmed(Ask(4))
    forgetting = after(silent, silent, CRANKED, forgetting=forgetting)
    assert asks(forgetting, CRANKED, 0) == (Ask(3, answers=0x0703),)


def test_after_a_power_cut_each_board_is_answered_once():
    forgetting, dark = after(), reports(*((column, "power_up", 0x0101) for column in COLUMNS))
    forgetting = step(forgetting, dark, 0)
    assert asks(forgetting, dark, 0) == tuple(Ask(column, 0x0101) for column in COLUMNS)


def test_a_board_in_safe_mode_is_not_waited_for():
    safe = {**CRANKED, 4: replace(CRANKED[4], faults=("safe_mode",))}
    assert asks(after(safe).confirmed(Ask(2)), safe, 0) == (Ask(3, answers=0x0703),)


@pytest.mark.parametrize("known", [(), (2,), (2, 3)])
def test_an_unfinished_finding_is_no_loss(known):
    """Some carriages are found, the others are not yet: what a restarted process or a released Start leaves behind."""
    half = {
        column: report if column in known else replace(report, position_mm=None, state="unknown")
        for column, report in reports().items()
    }
    assert asks(after(half), half, 0) == ()


class Board:
    """The firmware's own state of one carriage, as far as rule 7 goes."""

    def __init__(self, column):
        self.column, self.boots = column, 0
        self.online = True
        self.boot()

    def boot(self):
        self.boots += 1
        self.safety, self.motion = Safety(0), Motion(None)
        self.motion.loss.booted(self.boots, False)

    def lose(self):
        """A crank goes in: as Motion._believe does it."""
        self.motion.loss.happened(r.LOSS_CRANKED)
        self.motion.position.lose()
        self.safety.occupy(r.WHY_MOVED_UNASKED)

    def find(self):
        self.motion.position.set_mm(100, 0)

    def report(self):
        known = self.motion.position.known
        word = self.motion.loss.word()
        state = at_rest(self.column, 100 if known else None, loss=NAMES[word & 0xFF], loss_word=word)
        return state if self.online else replace(state, online=False, loss="", loss_word=0, position_mm=None)


class Story:
    """Boards, the process with its memory, and a chronicle that knows when each board last forgot."""

    def __init__(self):
        self.boards = {column: Board(column) for column in COLUMNS}
        self.forgetting = Forgetting()
        self.now_ms = 0
        self.sent = 0
        self.lost_at = dict.fromkeys(COLUMNS, 0)  # the newest loss of each
        self.forgot_at = dict.fromkeys(COLUMNS, 0)
        self.tick = 0

    def reports(self):
        return {column: board.report() for column, board in self.boards.items()}

    def process(self, deaf=()):
        """One round of the process; ``deaf`` boards take no command."""
        self.now_ms += AGAIN_MS
        self.forgetting = step(self.forgetting, self.reports(), self.now_ms)
        for ask in asks(self.forgetting, self.reports(), self.now_ms):
            self.sent += 1
            board = self.boards[ask.column]
            if ask.column in deaf or not board.online:
                self.forgetting = self.forgetting.not_all(self.now_ms)
                continue
            board.motion.forget(board.safety, ask.answers)
            self.forgot(ask.column)
            self.forgetting = self.forgetting.confirmed(ask)

    def forgot(self, column):
        self.tick += 1
        self.forgot_at[column] = self.tick

    def loses(self, column, boots):
        board = self.boards[column]
        board.boot() if boots else board.lose()
        self.forgot(column)
        self.lost_at[column] = self.tick

    def open_losses(self):
        return [column for column, board in self.boards.items() if board.motion.loss.word() & 0xFF]

    def settled(self):
        return not self.open_losses() and all(board.online for board in self.boards.values())


events = st.one_of(
    st.tuples(st.just("loses"), st.sampled_from(COLUMNS), st.booleans()),
    st.tuples(st.just("process"), st.sets(st.sampled_from(COLUMNS), max_size=2)),
    st.tuples(st.just("restart")),
    st.tuples(st.just("silence"), st.sampled_from(COLUMNS)),
    st.tuples(st.just("find"), st.sampled_from(COLUMNS)),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(events, max_size=40))
def test_whatever_happens_a_loss_stays_open_until_every_board_forgot_after_it(story):
    block = Story()
    for what, *args in story:
        if what == "loses":
            block.loses(*args)
        elif what == "process":
            block.process(deaf=args[0])
        elif what == "restart":
            block.forgetting = Forgetting()
        elif what == "silence":
            board = block.boards[args[0]]
            board.online = not board.online
        elif block.settled():
            block.boards[args[0]].find()
        late = [column for column in COLUMNS if block.forgot_at[column] < max(block.lost_at.values())]
        assert not late or block.open_losses(), f"nothing holds motion up, and {late} did not forget after a loss"
    for board in block.boards.values():
        board.online = True
    block.loses(3, boots=False)
    for _ in range(6):
        block.process()
    assert block.settled() and block.forgetting.over, "it comes to an end by itself"
    sent = block.sent
    for board in list(block.boards.values())[:2]:
        board.find()
    block.forgetting = Forgetting()
    for _ in range(5):
        block.process()
    assert block.sent == sent, "an unfinished finding is not undone, and nothing is told twice"
    assert [board.motion.position.known for board in block.boards.values()] == [True, True, False]
