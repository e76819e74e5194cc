"""The block's file: what commissioning proved, signed with the node's own key. ``block.json`` in the data directory.

``{"block": …, "signature": hex}``: Ed25519 over the canonical bytes of ``block``.
"""

from __future__ import annotations

import json
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from edge.domain.commissioning import BlockFile
from edge.domain.trace import canonical
from edge.errors import RuleRefused
from edge.store.whole_file import replace_whole

NAME = "block.json"
PROGRESS = "commissioning.json"  # beside it: the ladder's own notes, so that a changed board owes only its steps


def write(path: Path, file: BlockFile, key: Ed25519PrivateKey) -> None:
    body = canonical(file.as_body())
    replace_whole(path, b'{"block":' + body + b',"signature":"' + key.sign(body).hex().encode("ascii") + b'"}\n')


def read(path: Path, key: Ed25519PublicKey, area: str) -> BlockFile:
    """Raises RuleRefused: there is none, it was altered or signed by another node, or it speaks of another block."""
    try:
        raw = json.loads(path.read_text("utf-8"))
        key.verify(bytes.fromhex(raw["signature"]), canonical(raw["block"]))
        file = BlockFile.from_body(raw["block"])
    except FileNotFoundError:
        raise RuleRefused("block_file_missing", "commission_block", file=str(path)) from None
    except InvalidSignature:
        raise RuleRefused("block_file_invalid", "commission_block", file=str(path)) from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RuleRefused("block_file_invalid", "commission_block", file=str(path)) from error
    if file.area != area:
        raise RuleRefused("block_file_invalid", "commission_block", file=str(path))
    return file
