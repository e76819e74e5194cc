"""The motion process stays small: it pulls in no web server, no database and no broker."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
HEAVY = (
    "fastapi",
    "starlette",
    "uvicorn",
    "sqlcipher3",
    "sqlite3",
    "sqlite_utils",
    "paho",
    "jinja2",
    "PIL",
    "pydantic",
)


def test_the_motion_process_imports_no_http_no_sqlite_and_no_mqtt() -> None:
    code = f"import sys, edge.motion.__main__; sys.exit(' '.join(m for m in {HEAVY!r} if m in sys.modules) or 0)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_bad_config_ends_it_with_one_sentence_and_the_family_s_exit_code(tmp_path) -> None:
    command = [sys.executable, "-m", "edge.motion", "--config", str(tmp_path / "none.toml")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "config_missing" in done.stderr
    assert "Traceback" not in done.stderr
