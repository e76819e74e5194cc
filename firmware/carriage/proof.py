"""The self-test before each move, at standstill with the enable dropped (shelving-safety rule 2).

It waits until the carriage rests: a STOP takes a moment to drop the contactors and to stand. Then each circuit is
opened by its own test output and must answer, alone; let go, it must close again. Crank, level, skew, fire, gas and
leak share one output: all six must answer, and nothing else (DECISIONS 72). The test output of a circuit that does not
exist must change nothing. Pure: ``step`` is given each snapshot and says what to drive.
"""

from firmware import board
from firmware.carriage.snapshot import IN, TIED
from firmware.registers import PROOFS

SETTLE_MS = 30  # relay, emitter and opto-coupler
STILL_MS = 100
STILL_UM = 1000  # slower than 10 mm/s, the brake stops it before a circuit is judged
REST_MOST_MS = 1000  # what does not rest by then is proved as it is, and fails by name
RESTS_FIRST = -1

PROOF = {}
for _name, _bit in PROOFS:
    PROOF[_name] = _bit

CONTACTS = (
    (IN["crank_out"], PROOF["crank"]),
    (IN["level_ok"], PROOF["level"]),
    (IN["straight_ok"], PROOF["straight"]),
    (IN["fire_ok"], PROOF["fire"]),
    (IN["gas_ok"], PROOF["gas"]),
    (IN["leak_ok"], PROOF["leak"]),
)


def _all(proofs):
    inputs = 0
    for bit, _proof in proofs:
        inputs |= bit
    return inputs


# test output, the inputs that may open, (input that must open, what that proves) of each
CIRCUITS = (
    (board.TEST_ESTOP, IN["estop_ok"], ((IN["estop_ok"], PROOF["estop"]),)),
    (board.TEST_EDGE_LEFT, IN["edge_left_ok"], ((IN["edge_left_ok"], PROOF["edge_left"]),)),
    (board.TEST_EDGE_RIGHT, IN["edge_right_ok"], ((IN["edge_right_ok"], PROOF["edge_right"]),)),
    (board.TEST_BEAM_LEFT, IN["beam_left_ok"], ((IN["beam_left_ok"], PROOF["beam_left"]),)),
    (board.TEST_BEAM_RIGHT, IN["beam_right_ok"], ((IN["beam_right_ok"], PROOF["beam_right"]),)),
    (board.TEST_ABSENT, 0, ((0, PROOF["absent"]),)),
    (board.TEST_CONTACTS, _all(CONTACTS), CONTACTS),
)
WATCHED = TIED
for _test, _inputs, _proofs in CIRCUITS:
    WATCHED |= _inputs


class Proof:
    """``proved`` PROOF_* bits so far; ``tests`` board.TEST_* bits to drive; ``masked`` inputs it opened."""

    def __init__(self):
        self.running = False
        self.proved = 0
        self.tests = 0
        self.masked = 0
        self._at = RESTS_FIRST
        self._releasing = False
        self._since_ms = None
        self._began_ms = 0
        self._still_um = 0
        self._contactor_ok = True
        self._inputs_ok = True
        self._absent_ok = True
        self._answered = 0  # PROOF_* bits of the running test
        self._released_ms = None

    def begin(self):
        """Time is counted from the first step on: a command may come long after the last one."""
        self.running = True
        self.proved = 0
        self._at = RESTS_FIRST
        self._since_ms = None
        self._contactor_ok = self._inputs_ok = self._absent_ok = True

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

    def _rests(self, now_ms, snap):
        """Contactors out, no travel, and whatever an earlier proof opened closed again, for STILL_MS."""
        if self._since_ms is None:
            self._began_ms = now_ms
        if (
            self._since_ms is None
            or not snap.ok("contactor_open")
            or abs(snap.travel_um - self._still_um) > STILL_UM
            or snap.bits & self.masked != self.masked
        ):
            self._since_ms = now_ms
            self._still_um = snap.travel_um
        return now_ms - self._since_ms >= STILL_MS or now_ms - self._began_ms >= REST_MOST_MS

    def _drive(self, now_ms):
        self.tests, self.masked, _ = CIRCUITS[self._at]
        self._releasing = False
        self._answered = 0
        self._since_ms = now_ms

    def _answers(self, bits):
        """PROOF_* bits of the inputs that this test opened; none where it opened anything besides."""
        _test, opens, proofs = CIRCUITS[self._at]
        answered = 0
        if (bits | opens) & WATCHED == WATCHED:
            for bit, proof in proofs:
                if not bits & bit:
                    answered |= proof
        return answered

    def step(self, now_ms, snap, supply_ok):
        """One snapshot on. True in the step that ends the proof; then ``proved`` is final."""
        if not self.running:
            return False
        if self._at == RESTS_FIRST:
            if self._rests(now_ms, snap):
                self._at = 0
                self._drive(now_ms)
            return False
        self._contactor_ok = self._contactor_ok and snap.ok("contactor_open")
        self._inputs_ok = self._inputs_ok and snap.bits & TIED == TIED
        self._absent_ok = self._absent_ok and not snap.absent
        if now_ms - self._since_ms < SETTLE_MS:
            return False
        if not self._releasing:
            self._answered = self._answers(snap.bits)
            self._releasing = True
            self._since_ms = now_ms
            self.tests = 0
            return False
        if snap.bits & WATCHED == WATCHED:
            self.proved |= self._answered
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
