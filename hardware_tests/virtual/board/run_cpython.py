"""Runs the board's /main.py under CPython where there is no MicroPython VM (a Pi): ``python run_cpython.py``.

Adds what MicroPython has and CPython lacks: time.ticks_*, time.sleep_ms/us, gc.mem_free and ``micropython``.
"""

import gc
import runpy
import sys
import time
import types
from pathlib import Path

TICKS = 1 << 30  # MicroPython's ticks wrap


def _ticks_diff(later, earlier):
    return (later - earlier + TICKS // 2) % TICKS - TICKS // 2


def add_micropython_names():
    time.ticks_ms = lambda: time.monotonic_ns() // 1_000_000 % TICKS
    time.ticks_us = lambda: time.monotonic_ns() // 1_000 % TICKS
    time.ticks_diff = _ticks_diff
    time.ticks_add = lambda ticks, delta: (ticks + delta) % TICKS
    time.sleep_ms = lambda ms: time.sleep(ms / 1_000)
    time.sleep_us = lambda us: time.sleep(us / 1_000_000)
    gc.mem_free = lambda: 1 << 20
    gc.mem_alloc = lambda: 0
    gc.threshold = lambda amount: None
    names = types.ModuleType("micropython")
    names.const = lambda value: value
    names.native = names.viper = lambda function: function
    names.heap_lock = names.heap_unlock = lambda: None
    names.alloc_emergency_exception_buf = lambda size: None
    names.opt_level = lambda level: None
    sys.modules["micropython"] = names


if __name__ == "__main__":
    here = Path(__file__).resolve().parent
    sys.path.insert(0, str(here))
    add_micropython_names()
    runpy.run_path("main.py", run_name="__main__")
