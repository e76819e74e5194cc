"""What the schemas of EAD 2002 and EAD3 ask of the elements that we write: order, children, attributes, fixed values.

Read off the tag libraries of the Society of American Archivists, for these elements alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

ANY_DID = "(unittitle|unitid|unitdate|physdesc|physloc|container|origination)+"
DESCRIBED = "(accessrestrict|appraisal|odd|scopecontent)*"
OF_FONDS = "(scopecontent|custodhist|bioghist|arrangement)*"
TEXT = ""  # no element inside

# Element → its children's names in order, as a pattern over "name;" words.
BOTH = {
    "filedesc": "titlestmt",
    "titlestmt": "titleproper",
    "archdesc": f"did {OF_FONDS} dsc",
    "dsc": "c+",
    "did": ANY_DID,
    "c": f"did {DESCRIBED} c*",
    **dict.fromkeys(("accessrestrict", "appraisal", "odd", "scopecontent"), "p+"),
    **dict.fromkeys(("custodhist", "bioghist", "arrangement"), "p+"),
    **dict.fromkeys(("unittitle", "unitid", "unitdate", "physdesc", "physloc", "container", "p", "titleproper"), TEXT),
}
CHILDREN = {
    "ead": BOTH
    | {
        "ead": "eadheader archdesc",
        "eadheader": "eadid filedesc profiledesc?",
        "profiledesc": "creation?",
        **dict.fromkeys(("eadid", "creation", "origination"), TEXT),
    },
    "ead3": BOTH
    | {
        "ead": "control archdesc",
        "control": "recordid filedesc maintenancestatus maintenanceagency maintenancehistory",
        "maintenanceagency": "agencyname",
        "maintenancehistory": "maintenanceevent+",
        "maintenanceevent": "eventtype eventdatetime agenttype agent",
        "origination": "name+",
        "name": "part+",
        **dict.fromkeys(("recordid", "maintenancestatus", "agencyname", "eventtype", "eventdatetime"), TEXT),
        **dict.fromkeys(("agenttype", "agent", "part"), TEXT),
    },
}
LEVELS = {"fonds", "file", "item", "otherlevel"}
ATTRIBUTES = {
    "ead": {
        "archdesc": {"level"},
        "dsc": {"type"},
        "c": {"level", "otherlevel", "id", "encodinganalog"},
        "unitdate": {"normal", "encodinganalog"},
        "container": {"type", "label", "encodinganalog"},
        "physdesc": {"label", "encodinganalog"},
    },
    "ead3": {
        "archdesc": {"level"},
        "dsc": {"dsctype"},
        "c": {"level", "otherlevel", "id", "encodinganalog"},
        "unitdate": {"normal", "encodinganalog"},
        "container": {"localtype", "containerid", "label", "encodinganalog"},
        "physdesc": {"label", "encodinganalog"},
        "eventdatetime": {"standarddatetime"},
        "maintenancestatus": {"value"},
        "eventtype": {"value"},
        "agenttype": {"value"},
    },
}
VALUES = {"type@dsc": {"combined"}, "dsctype@dsc": {"combined"}, "value@agenttype": {"human", "machine", "unknown"}}
_NAME = re.compile(r"[A-Za-z_][\w.-]*")
_DAY = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


def faults(dialect: str, root: Element) -> list[str]:
    """What the schema would refuse; each id once, each name in its place."""
    found, ids = [], set[str]()
    for element, name in _named(root):
        children = "".join(f"{_local(child)};" for child in element)
        pattern = re.sub(r"\w+", lambda word: f"(?:{word[0]};)", CHILDREN[dialect][name]).replace(" ", "")
        if not re.fullmatch(pattern, children):
            found.append(f"{name} holds {children[:80]}")
        allowed = ATTRIBUTES[dialect].get(name, {"encodinganalog"})
        found += [f"{name} has {one}" for one in element.attrib if one not in allowed]
        found += [
            f"{name} {one}={value}"
            for one, value in element.attrib.items()
            if value not in VALUES.get(f"{one}@{name}", {value})
        ]
        if "level" in element.attrib and element.attrib["level"] not in LEVELS:
            found.append(f"{name} level {element.attrib['level']}")
        if (element.get("level") == "otherlevel") != ("otherlevel" in element.attrib):
            found.append(f"{name} otherlevel")
        if "normal" in element.attrib and not _DAY.fullmatch(element.attrib["normal"]):
            found.append(f"{name} normal {element.attrib['normal']}")
        if "id" in element.attrib:
            again = element.attrib["id"] in ids or not _NAME.fullmatch(element.attrib["id"])
            found += [f"{name} id {element.attrib['id']}"] if again else []
            ids.add(element.attrib["id"])
    return found


def _named(root: Element) -> Iterator[tuple[Element, str]]:
    for element in root.iter():
        yield element, _local(element)


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
