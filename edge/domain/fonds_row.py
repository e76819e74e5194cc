"""What a finding aid says of its whole fonds, in the fields that a fonds has for it."""

from __future__ import annotations

from collections.abc import Mapping

from edge.domain import description

TOLD = ("scope", "custody", "unit_history", "arrangement")  # prose of EAD and AtoM; names of description.FIELDS


def described(values: Mapping[str, str]) -> dict[str, str]:
    """Of TOLD what the row says; an abstract stands before the scope."""
    written = {name: values.get(name, "") for name in TOLD}
    written["scope"] = "\n".join(filter(None, (values.get("abstract"), written["scope"])))
    told = {name: text for name, text in written.items() if text.strip()}
    return {name: str(value) for name, value in description.read("fonds", told, site={}, whole=False).items()}
