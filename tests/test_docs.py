"""What the documents tell a person to type exists: every command, and every option named with it."""

import re
from pathlib import Path

import click
import pytest

from cloud_sync.cli import main as central
from edge.cli import cli as storeroom
from edge.cli import mount
from hardware_tests.cli import cli as bench

ROOT = Path(__file__).parent.parent
mount()
PROGRAMS = {"storeroom": storeroom, "storeroom-central": central, "storeroom-bench": bench}
DOCUMENTS = [
    *sorted(ROOT.glob("*.md")),
    *sorted((ROOT / "models").rglob("*.md")),
    *sorted((ROOT / "enclosure").rglob("*.md")),
    *sorted((ROOT / "tests").rglob("*.md")),
    ROOT / "edge" / "node.example.toml",
]
NAME = r"(storeroom(?:-central|-bench)? "
QUOTED = re.compile(rf"`{NAME}[^`#\n]+(?:\n[^`#\n]+)?)`")  # may run on into the next line
SET_OFF = re.compile(rf"^ {{4}}{NAME}[^#\n]+)", re.M)


def typed_in(document):
    text = document.read_text("utf-8")
    return [" ".join(line.split()) for pattern in (QUOTED, SET_OFF) for line in pattern.findall(text)]


def unknown_in(line):
    """What of a typed line its program has not; "" where it has all of it."""
    program, *words = line.split()
    command = PROGRAMS[program]
    for word in words:
        if isinstance(command, click.Group) and not word.startswith("-"):
            command = command.get_command(click.Context(command), word)
            if command is None:
                return word
        elif word.startswith("--"):
            name = word.split("=")[0].rstrip(",.;")
            known = {one for option in command.params for one in (*option.opts, *option.secondary_opts)}
            if name not in known | {"--help"}:
                return f"{name} of {command.name}"
    return ""


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_that_a_document_names_exists_with_its_options(document):
    assert [f"{line}: {unknown}" for line in typed_in(document) if (unknown := unknown_in(line))] == []


def test_documents_name_commands_at_all():
    assert sum(len(typed_in(document)) for document in DOCUMENTS) > 30


def test_every_target_of_make_that_a_document_names_exists():
    targets = set(re.findall(r"^(\w[\w-]*):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    named = {
        name for document in DOCUMENTS for name in re.findall(r"(?:`| {4})make (\w[\w-]*)", document.read_text("utf-8"))
    }
    assert len(named) > 2 and named <= targets
