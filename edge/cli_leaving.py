"""What the running node answers about everything that leaves the archive: exports, paper, evidence."""

from __future__ import annotations

from edge import cli_evidence, cli_export, cli_print
from edge.control import Verb
from edge.store.database import Database
from edge.store.keys import Keys
from edge.store.people import People


def control_verbs(database: Database, people: People, keys: Keys) -> dict[str, Verb]:
    return {
        **cli_export.control_verbs(database, people),
        **cli_print.control_verbs(database, people),
        **cli_evidence.control_verbs(database, people, keys),
    }
