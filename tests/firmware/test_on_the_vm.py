"""The same files in the real MicroPython VM, with the heap of an RP2040."""

import os
import subprocess
import sys
from pathlib import Path

from tests import needs

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
VM = Path(sys.executable).with_name("micropython")


def run_vm(*arguments, heap="192K", path=""):
    needs.micropython_vm()
    env = {**os.environ, "MICROPYPATH": f"{ROOT}:{HERE}:{path}:.frozen"}
    command = [str(VM), "-X", f"heapsize={heap}", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=env, cwd=HERE, timeout=110)


def test_bus_motion_and_safety_hold_in_the_real_vm_within_192_kilobytes():
    done = run_vm("vm_checks.py")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "all well"


def test_a_broken_check_in_the_vm_would_be_seen():
    done = run_vm("-c", "from rig import Rig\nassert Rig().safety.aisles_clear()")
    assert done.returncode == 1
    assert "AssertionError" in done.stdout + done.stderr


def test_the_whole_boards_loop_runs_with_the_heap_locked_through_a_move_bus_traffic_and_every_fault():
    stand_ins = ROOT / "hardware_tests" / "virtual" / "board"
    done = run_vm("vm_loop.py", heap="384K", path=stand_ins)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "all well"


def test_every_integer_of_the_loop_fits_the_chips_thirty_one_bits():
    done = subprocess.run(
        [sys.executable, "small_integers.py"],
        capture_output=True, text=True, check=False, cwd=HERE, timeout=100, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "all well"
