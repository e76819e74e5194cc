"""Finding aids of drawn catalogues against the schemas of the Society of American Archivists: EAD 2002 and EAD3 1.1.1.

The gate holds them against tests/edge/workflows/ead_structure.py, which is read off the tag libraries. Here the
official files judge: two packages bring them, fetched once into build/ and never installed beside ours.
"""

from __future__ import annotations

import hashlib
import importlib
import subprocess
import sys
import tempfile
from collections import Counter
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from edge.workflows.take_out import Order, take_out
from tests.edge.workflows.test_take_out_round_trip import catalogues, fill, new_store, opened
from tests.proofs.campaign import ROOT, Campaign, Violated

FOLDER = ROOT / "build" / "ead-schemas"
PACKAGES = ("eadator==0.3.4", "django-ead==0.8.1", "lxml==6.1.3")
XLINK = ("eadator/ents/xlink.xsd", "f1f5bb6003165cdd8f6c1fcc32f8fd1f965e1681010f3b9806d9460bcffa8a3c")
SCHEMAS = {
    "ead": ("eadator/ents/ead.xsd", "f1272630b7453259c4b2669c7e3f73ad3b3c161fa992e7d3ca64a27833160438"),
    "ead3": ("ead/management/commands/ead3.xsd", "c357697461e566a880098a72eec6af2c1af9d3137bee27819206b29acd30459b"),
}
EACH = 5  # catalogues in a case


def case(dice: Random) -> Counter[str]:
    counts: Counter[str] = Counter()

    @seed(dice.getrandbits(32))
    @settings(
        max_examples=EACH,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(drawn=catalogues)
    def aids(drawn: dict[str, Any]) -> None:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            with opened(_empty(), folder / "store") as database:
                database.write(lambda change: fill(change, database, drawn))
                for form in SCHEMAS:
                    out = folder / f"{form}.xml"
                    counts["records"] += take_out(database, Order("items", form, "top_secret"), out, _unrecorded).rows
                    counts[form] += 1
                    _require_valid(form, out)

    aids()
    return counts


def _unrecorded(_taken: object) -> None: ...


def _require_valid(form: str, out: Path) -> None:
    etree, schema = _etree(), _schema(form)
    if not schema.validate(etree.parse(str(out))):
        raise Violated(f"not valid {form}", [str(error) for error in schema.error_log][:10])


@lru_cache(maxsize=1)
def _empty() -> Path:
    return new_store(Path(tempfile.mkdtemp()) / "storeroom.db")


@lru_cache(maxsize=1)
def _etree() -> Any:
    if not FOLDER.exists():
        command = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(FOLDER), *PACKAGES]
        subprocess.run(command, check=True)
    sys.path.append(str(FOLDER))
    return importlib.import_module("lxml.etree")


@lru_cache(maxsize=2)
def _schema(form: str) -> Any:
    etree = _etree()
    xlink = _official(*XLINK)

    class Beside(etree.Resolver):  # type: ignore[name-defined,misc]  # known once it is fetched
        """The one import of EAD 2002 points into the network."""

        def resolve(self, url: str, _public: str, context: Any) -> Any:
            return self.resolve_filename(str(xlink), context) if "xlink" in url else None

    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(Beside())
    return etree.XMLSchema(etree.parse(str(_official(*SCHEMAS[form])), parser))


def _official(name: str, sha256: str) -> Path:
    path = FOLDER / name
    if hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
        raise AssertionError(f"{path} is not the schema that was looked at")
    return path


CAMPAIGN = Campaign(
    "ead",
    (
        "edge/store/exports/ead_out.py",
        "edge/store/exports/xml_out.py",
        "edge/workflows/take_out.py",
        "tests/edge/workflows/ead_structure.py",
    ),
    case,
)
