"""What the store's verbs share: an option, and their words in the terminal's language."""

from __future__ import annotations

import json
from typing import Any

import click

from edge.cli import language
from edge.words import say

JSON_OPTION = click.option("--json", "as_json", is_flag=True, help="One JSON value for a program to read.")


def as_json_text(answer: Any) -> str:
    return json.dumps(answer, ensure_ascii=False, indent=1)


def tell(msgid: str, **params: Any) -> str:
    """The words of ``store_cli.<msgid>``."""
    return say(language(), f"store_cli.{msgid}", **params)
