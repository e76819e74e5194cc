"""Run by CPython on its own: the loop's arithmetic with every result checked to be a small integer.

The VM of the tests has 64 bits; the chip has 32, where integers from 2^30 on and all floats are objects on the heap.
Every module of the loop is compiled with a check around each arithmetic operation, then driven to its extremes.
"""

import ast
import importlib.abc
import importlib.machinery
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOOP = ("firmware.bank", "firmware.loop", "firmware.modbus_rtu", "firmware.carriage.")
SMALL = 1 << 30


def small(value):
    if isinstance(value, float) or (isinstance(value, int) and not -SMALL <= value < SMALL):
        raise AssertionError(f"{value!r} would be allocated on the chip")
    return value


class Checked(ast.NodeTransformer):
    """``a + b`` becomes ``small(a + b)``, ``a += b`` becomes ``a = small(a + b)``."""

    def visit_BinOp(self, node):
        self.generic_visit(node)
        return _call(node)

    def visit_AugAssign(self, node):
        self.generic_visit(node)
        read = ast.parse(ast.unparse(node.target), mode="eval").body
        return ast.Assign([node.target], _call(ast.BinOp(read, node.op, node.value)))


def _call(node):
    return ast.Call(ast.Name("small", ast.Load()), [node], [])


class Finder(importlib.abc.MetaPathFinder, importlib.machinery.SourceFileLoader):
    def __init__(self):
        pass

    def find_spec(self, name, path, target=None):
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        if spec is not None and name.startswith(LOOP) and spec.origin.endswith(".py"):
            spec.loader = Loader(name, spec.origin)
            return spec
        return None


class Loader(importlib.machinery.SourceFileLoader):
    def get_code(self, name):
        tree = ast.fix_missing_locations(Checked().visit(ast.parse(Path(self.path).read_text("utf-8"))))
        return compile(tree, self.path, "exec")

    def exec_module(self, module):
        module.small = small
        exec(self.get_code(module.__name__), module.__dict__)


sys.meta_path.insert(0, Finder())

from firmware import board, modbus_rtu  # noqa: E402
from firmware import registers as r  # noqa: E402
from firmware.carriage.drive import square_root  # noqa: E402
from firmware.carriage.snapshot import Snapshot  # noqa: E402
from hardware_tests.master import Master  # noqa: E402
from hardware_tests.virtual.lockstep import Lockstep  # noqa: E402

assert modbus_rtu.small is small, "the check is not there"


class Extreme:
    """The rawest values that the chip can deliver."""

    raw_inputs = 0x3FFFFFFF
    count = 600_000  # 60 m at 100 um, ten times the longest rail
    gap_left_u16 = gap_right_u16 = motor_u16 = supply_u16 = board.ADC_FULL


snapshot = Snapshot()
for um_per_count in (1, 100, 1000):
    snapshot.fill(Extreme, um_per_count)
assert [square_root(n * n) for n in range(2000)] == list(range(2000))
assert [square_root(n * n + 2 * n) for n in range(2000)] == list(range(2000))

room = Lockstep(open_aisle=4)
master = Master(room)
room.run(500)
room.do("walk_all")
master.find_all(room.layout, lambda held: room.act("start_hold" if held else "start_release"))
assert master.arm(5, 2550, r.SIDE_RIGHT, 7) == r.ACK_ACCEPTED
master.permit_for = 7
master.run(150)
room.act("start_press")
assert master.run_until(lambda: room.plant.wiring.outputs[5].enable, 5000)
assert master.run_until(lambda: not room.plant.wiring.outputs[5].enable, 30_000)
assert master.state(5)[r.IR_END_REASON] == r.END_REACHED
motion, now_ms = room.boards[5].app.motion, room.boards[5].app._now_ms
for jump_um in (60_000_000, -60_000_000, 5_000_000):  # an encoder gone mad must end in a fault, not in a crash
    motion._trip._drive.begin(now_ms, 0, 50_000_000, 100)
    for step in range(1, 30):
        motion._trip._drive.step(now_ms + step * 10, jump_um * (step % 2), 6600, False)
room.act("estop_press")
master.run(300)
print("all well")
