"""Plain functions of one test folder may be imported by another: ``from tests.… import``."""

import os
import sys
from pathlib import Path

from hypothesis import settings

ROOT = str(Path(__file__).resolve().parents[1])
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)

# A gate judges a change, so it draws the same examples each time; HYPOTHESIS_PROFILE=default and make prove search on.
settings.register_profile("gate", derandomize=True, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "gate"))
