"""The centre's keys: its Ed25519 signing key, its own broker password, and the hashes of passwords of others."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from edge.errors import InputRefused

SIGNING_KEY = "signing.key"
BROKER_PASSWORD = "broker.password"

_SCRYPT = {"n": 2**14, "r": 8, "p": 1}
_BROKER_ROUNDS = 101  # mosquitto's own figure; enough, because a broker password is 256 random bits


def make(keys_dir: Path) -> None:
    """New keys of a new centre. Raises FileExistsError rather than replace one."""
    keys_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_secret(keys_dir / SIGNING_KEY, Ed25519PrivateKey.generate().private_bytes_raw().hex())
    write_secret(keys_dir / BROKER_PASSWORD, new_password())


def write_secret(path: Path, text: str) -> None:
    """A new file that only its owner may read. Raises FileExistsError."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())


def read_secret(path: Path) -> str:
    try:
        return path.read_text("ascii").strip()
    except OSError as error:
        raise InputRefused("central_key_missing", "restore_central_keys", file=str(path)) from error


def signing_key(keys_dir: Path) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(read_secret(keys_dir / SIGNING_KEY)))


def public_hex(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes_raw().hex()


def verifies(public_key_hex: str, signature_hex: str, signed: bytes) -> bool:
    """Whether ``signature_hex`` is the signature over ``signed``; malformed hex is simply no signature."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key_hex)).verify(bytes.fromhex(signature_hex), signed)
    except (InvalidSignature, ValueError):
        return False
    return True


def new_password() -> str:
    return secrets.token_urlsafe(32)


def broker_hash(password: str) -> str:
    """A line's second half in mosquitto's password file: ``$7$rounds$salt$hash`` (PBKDF2-SHA512)."""
    salt = secrets.token_bytes(12)
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, _BROKER_ROUNDS)
    return f"$7${_BROKER_ROUNDS}${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}"


def broker_hash_matches(stored: str, password: bytes) -> bool:
    _, kind, rounds, salt, digest = stored.split("$")
    if kind != "7":
        return False
    made = hashlib.pbkdf2_hmac("sha512", password, base64.b64decode(salt), int(rounds))
    return hmac.compare_digest(made, base64.b64decode(digest))


def person_hash(password: str) -> str:
    """scrypt for passwords that people choose: ``salt$hash`` in hex."""
    salt = secrets.token_bytes(16)
    return f"{salt.hex()}${hashlib.scrypt(password.encode(), salt=salt, **_SCRYPT).hex()}"


def person_hash_matches(stored: str, password: str) -> bool:
    salt, digest = stored.split("$")
    made = hashlib.scrypt(password.encode(), salt=bytes.fromhex(salt), **_SCRYPT)
    return hmac.compare_digest(made, bytes.fromhex(digest))
