"""The archive without its devices: what describing, sealing and correcting reach, with a node running or not."""

from __future__ import annotations

from dataclasses import dataclass

from edge.domain.block import Layout
from edge.store.cases import Cases
from edge.store.catalogue import Catalogue
from edge.store.corrections import Corrections
from edge.store.database import Database
from edge.store.descriptions import Descriptions
from edge.store.fonds_file import FondsFile
from edge.store.numbering import Numbering
from edge.store.shelves import Shelves
from edge.store.site_tables import SiteTables
from edge.store.spine_reprints import SpineReprints


@dataclass(frozen=True, slots=True)
class Archive:
    database: Database
    layout: Layout
    catalogue: Catalogue
    numbering: Numbering
    descriptions: Descriptions
    corrections: Corrections
    cases: Cases
    fonds_file: FondsFile
    shelves: Shelves
    site: SiteTables
    spines: SpineReprints


def archive_in(database: Database, layout: Layout) -> Archive:
    return Archive(
        database,
        layout,
        Catalogue(database),
        Numbering(database),
        Descriptions(database),
        Corrections(database),
        Cases(database),
        FondsFile(database),
        Shelves(database),
        SiteTables(database),
        SpineReprints(database),
    )
