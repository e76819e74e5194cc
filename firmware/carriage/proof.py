"""The self-test before each move, at standstill with the enable dropped (shelving-safety rule 2).

Each circuit is opened by its own test output and must answer, alone; let go, it must close again. The test output
of a circuit that does not exist must change nothing. Pure: ``step`` is given each snapshot and says what to drive.
"""

from firmware import board
from firmware.carriage.snapshot import IN, TIED
from firmware.registers import PROOFS

SETTLE_MS = 30  # relay, emitter and opto-coupler

PROOF = {}
for _name, _bit in PROOFS:
    PROOF[_name] = _bit

# test output, the input that must open, what it proves
CIRCUITS = (
    (board.TEST_ESTOP, IN["estop_ok"], PROOF["estop"]),
    (board.TEST_EDGE_LEFT, IN["edge_left_ok"], PROOF["edge_left"]),
    (board.TEST_EDGE_RIGHT, IN["edge_right_ok"], PROOF["edge_right"]),
    (board.TEST_BEAM_LEFT, IN["beam_left_ok"], PROOF["beam_left"]),
    (board.TEST_BEAM_RIGHT, IN["beam_right_ok"], PROOF["beam_right"]),
    (board.TEST_ABSENT, 0, PROOF["absent"]),
)
WATCHED = IN["estop_ok"] | IN["edge_left_ok"] | IN["edge_right_ok"] | IN["beam_left_ok"] | IN["beam_right_ok"] | TIED


class Proof:
    """``proved`` PROOF_* bits so far; ``tests`` board.TEST_* bits to drive; ``masked`` inputs it opened."""

    def __init__(self):
        self.running = False
        self.proved = 0
        self.tests = 0
        self.masked = 0
        self._at = 0
        self._releasing = False
        self._since_ms = 0
        self._contactor_ok = True
        self._inputs_ok = True
        self._absent_ok = True
        self._answered = False
        self._released_ms = None

    def begin(self):
        self.running = True
        self.proved = 0
        self._at = 0
        self._contactor_ok = self._inputs_ok = self._absent_ok = True
        self._drive(None)  # a command comes between two loops, and flash may be written before the next one drives it

    def cancel(self):
        """Let every circuit go. Safe at any time; what was open stays masked until ``settle`` has seen it close."""
        self.running = False
        self.tests = 0
        self._released_ms = None

    def settle(self, now_ms):
        """Each loop without a proof: unmask a circuit once it had time to close again."""
        if not self.masked:
            return
        if self._released_ms is None:
            self._released_ms = now_ms
        elif now_ms - self._released_ms >= SETTLE_MS:
            self.masked = 0

    def _drive(self, since_ms):
        self.tests, self.masked, _ = CIRCUITS[self._at]
        self._releasing = False
        self._answered = False
        self._since_ms = since_ms

    def step(self, now_ms, snap, supply_ok):
        """One snapshot on. True in the step that ends the proof; then ``proved`` is final."""
        if not self.running:
            return False
        self._contactor_ok = self._contactor_ok and snap.ok("contactor_open")
        self._inputs_ok = self._inputs_ok and snap.bits & TIED == TIED
        self._absent_ok = self._absent_ok and not snap.absent
        if self._since_ms is None:
            self._since_ms = now_ms
        if now_ms - self._since_ms < SETTLE_MS:
            return False
        opens, bit = CIRCUITS[self._at][1], CIRCUITS[self._at][2]
        if not self._releasing:
            self._answered = snap.bits & WATCHED == WATCHED & ~opens
            self._releasing = True
            self._since_ms = now_ms
            self.tests = 0
            return False
        if self._answered and snap.bits & WATCHED == WATCHED:
            self.proved |= bit
        self._at += 1
        if self._at < len(CIRCUITS):
            self._drive(now_ms)
            return False
        self.cancel()
        self.masked = 0
        if not self._absent_ok:
            self.proved &= ~PROOF["absent"]
        self.proved |= PROOF["contactor"] if self._contactor_ok else 0
        self.proved |= PROOF["inputs"] if self._inputs_ok else 0
        self.proved |= PROOF["supply"] if supply_ok else 0
        return True
