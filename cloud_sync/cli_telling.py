"""How ``storeroom-central`` speaks: its language, its usual options, and errors as one sentence and the next step."""

from __future__ import annotations

import functools
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec

import click

from edge.errors import StoreError, StoreroomError
from edge.words import say

WORDS = Path(__file__).parent / "words"

P = ParamSpec("P")

CONFIG = click.option(
    "--config",
    "config_path",
    type=click.Path(path_type=Path),
    default=Path("central.toml"),
    show_default=True,
    help="The centre's central.toml.",
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="For programs: JSON on standard output.")


def _language() -> str:
    wanted = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    if re.match(r"zh[_-](TW|HK|MO|Hant)", wanted):
        return "zh-Hant"
    return "zh-Hans" if wanted.startswith("zh") else "en"


def say_here(msgid: str, **params: object) -> str:
    return say(_language(), msgid, WORDS, **params)


def refused_by_the_system(error: OSError) -> StoreroomError:
    return StoreError(
        "central_disk_refuses", "check_central_folder", path=error.filename or "", why=error.strerror or ""
    )


def told(command: Callable[P, None]) -> Callable[P, None]:
    """An error becomes one sentence and the next step on stderr, and its family's exit code."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except (StoreroomError, OSError) as raised:
            error = raised if isinstance(raised, StoreroomError) else refused_by_the_system(raised)
            what, next_step = (f"error.{error.code}", f"recovery.{error.recovery}")
            click.echo(f"{say_here(what, **error.params)} {say_here(next_step, **error.params)}", err=True)
            sys.exit(error.exit_code)

    return run
