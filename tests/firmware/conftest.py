"""Tests of the board software. rig.py beside this file also runs inside the MicroPython VM, so it is found by path."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
