"""The node's keys, in files of 0600 outside the data directory, and the recovery key that opens its backups.

The node keeps only the public half of the recovery key: it can seal a backup but not open one. The secret half is
shown once, as text a person can copy: ``SRK1-`` and Crockford base32 in groups of five, with two bytes of check.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from edge.errors import InputRefused, StoreError

DATABASE, SIGNING, SITE, RECOVERY_PUBLIC = "database.key", "signing.key", "site.key", "recovery.pub"
FILES = (DATABASE, SIGNING, SITE, RECOVERY_PUBLIC)
OTHERS = ("*.key", "centre.*")  # keys of devices; the password at the centre's broker and the centre's own key

_RECOVERY_PREFIX = "SRK1"
_CHECK_BYTES = 2
_RFC4648, _CROCKFORD = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_SEAL_INFO = b"storeroom-key-bundle/1"


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """32 bytes each. ``recovery_public`` is the X25519 public half of the recovery key.

    ``others``: name and content of every further ``*.key`` file beside them (a card reader's, say): they belong to
    devices, but a restored node needs them too.
    """

    database: bytes
    signing_seed: bytes
    site: bytes
    recovery_public: bytes
    others: tuple[tuple[str, bytes], ...] = ()

    @property
    def signing(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.signing_seed)

    @property
    def signing_public(self) -> Ed25519PublicKey:
        return self.signing.public_key()


def new_keys(site: bytes | None = None) -> tuple[Keys, str]:
    """Fresh keys, and the recovery key's text to show once. ``site``: the key of a site that has other nodes."""
    recovery = X25519PrivateKey.generate()
    public = recovery.public_key().public_bytes_raw()
    keys = Keys(secrets.token_bytes(32), secrets.token_bytes(32), site or secrets.token_bytes(32), public)
    return keys, recovery_text(recovery.private_bytes_raw())


def write_keys(keys_dir: Path, keys: Keys) -> None:
    """Into a directory of 0700, 0600 each. A key that is there already must be the same one.

    Raises StoreError ``already_initialised`` before anything is written; never overwrites.
    """
    contents = {name: value.hex().encode("ascii") + b"\n" for name, value in zip(FILES, _own(keys), strict=True)}
    contents.update(keys.others)
    for name, content in contents.items():
        if (keys_dir / name).exists() and (keys_dir / name).read_bytes() != content:
            raise StoreError("already_initialised", "use_existing_data", path=str(keys_dir / name))
    keys_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    keys_dir.chmod(0o700)
    for name, content in contents.items():
        if not (keys_dir / name).exists():
            descriptor = os.open(keys_dir / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(descriptor)


def _own(keys: Keys) -> tuple[bytes, bytes, bytes, bytes]:
    return keys.database, keys.signing_seed, keys.site, keys.recovery_public


def read_keys(keys_dir: Path) -> Keys:
    """Raises StoreError ``key_missing`` or ``key_unreadable``."""
    own = [read_key(keys_dir / name) for name in FILES]
    beside = sorted(path for pattern in OTHERS for path in keys_dir.glob(pattern) if path.name not in FILES)
    others = tuple((path.name, path.read_bytes()) for path in beside)
    return Keys(own[0], own[1], own[2], own[3], others)


def read_key(path: Path) -> bytes:
    """One key file: 64 hexadecimal digits."""
    try:
        value = bytes.fromhex(path.read_text("ascii").strip())
    except FileNotFoundError:
        raise StoreError("key_missing", "bring_database_key", path=str(path)) from None
    except ValueError:
        raise StoreError("key_unreadable", "bring_database_key", path=str(path)) from None
    except OSError as error:
        raise StoreError("disk_refuses", "check_disk", path=str(path)) from error
    if len(value) != 32:
        raise StoreError("key_unreadable", "bring_database_key", path=str(path))
    return value


def recovery_text(secret: bytes) -> str:
    """32 bytes as ``SRK1-XXXXX-…``: what a person writes down."""
    coded = base64.b32encode(secret + _check(secret)).decode("ascii").rstrip("=")
    text = coded.translate(str.maketrans(_RFC4648, _CROCKFORD))
    return "-".join([_RECOVERY_PREFIX, *(text[start : start + 5] for start in range(0, len(text), 5))])


def recovery_secret(text: str) -> bytes:
    """The 32 bytes of a recovery key as typed: any case, blanks and dashes anywhere, O for 0, I and L for 1.

    Raises InputRefused ``recovery_key_unreadable`` when its check does not match.
    """
    plain = "".join(text.upper().split()).replace("-", "").translate(str.maketrans("OIL", "011"))
    plain = plain.removeprefix(_RECOVERY_PREFIX)
    try:
        coded = plain.translate(str.maketrans(_CROCKFORD, _RFC4648))
        if set(plain) - set(_CROCKFORD):
            raise ValueError(plain)
        raw = base64.b32decode(coded + "=" * (-len(coded) % 8))
    except ValueError:
        raw = b""
    secret, check = raw[:-_CHECK_BYTES], raw[-_CHECK_BYTES:]
    copied = recovery_text(secret).removeprefix(_RECOVERY_PREFIX).replace("-", "")
    if len(secret) != 32 or check != _check(secret) or plain != copied:
        raise InputRefused("recovery_key_unreadable", "type_recovery_key")
    return secret


def seal(keys: Keys) -> bytes:
    """The key bundle that only the recovery key opens: ephemeral X25519, HKDF-SHA256, ChaCha20-Poly1305.

    Bytes: 32 ephemeral public, then the sealed JSON. Each bundle has its own key, so the nonce may be zero.
    """
    ephemeral = X25519PrivateKey.generate()
    public = ephemeral.public_key().public_bytes_raw()
    shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(keys.recovery_public))
    contents = {name: value.hex() for name, value in zip(FILES, _own(keys), strict=True)}
    others = {name: content.hex() for name, content in keys.others}
    plain = json.dumps({"keys": contents, "others": others}).encode("ascii")
    return public + _bundle_cipher(shared, public + keys.recovery_public).encrypt(bytes(12), plain, _SEAL_INFO)


def unseal(bundle: bytes, secret: bytes) -> Keys:
    """Raises StoreError ``recovery_key_wrong``."""
    recovery = X25519PrivateKey.from_private_bytes(secret)
    recovery_public = recovery.public_key().public_bytes_raw()
    try:
        public = X25519PublicKey.from_public_bytes(bundle[:32])
        cipher = _bundle_cipher(recovery.exchange(public), bundle[:32] + recovery_public)
        found = json.loads(cipher.decrypt(bytes(12), bundle[32:], _SEAL_INFO))
    except (InvalidTag, ValueError):
        raise StoreError("recovery_key_wrong", "find_recovery_key") from None
    own = [bytes.fromhex(found["keys"][name]) for name in FILES]
    others = tuple((Path(name).name, bytes.fromhex(content)) for name, content in found["others"].items())
    return Keys(own[0], own[1], own[2], own[3], others)


def _bundle_cipher(shared: bytes, salt: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(HKDF(algorithm=SHA256(), length=32, salt=salt, info=_SEAL_INFO).derive(shared))


def _check(secret: bytes) -> bytes:
    return hashlib.sha256(b"storeroom-recovery-key/1" + secret).digest()[:_CHECK_BYTES]
