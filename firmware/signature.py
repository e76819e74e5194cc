"""RSA-3072 with SHA-256 (PKCS #1 v1.5), checked one multiplication at a time.

The whole block is rebuilt and compared, nothing in it is parsed. Seventeen steps of some milliseconds each let the
control loop run in between; a curve would cost hundreds of times more here (DECISIONS).
"""

KEY_FILE = "release.key"  # the modulus, big-endian; written over USB only
BYTES = 384
SQUARINGS = 16  # the exponent is 65537
SHA256_PREFIX = b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20"


class Check:
    """``step()`` until it says True or False."""

    def __init__(self, modulus, signature, digest):
        """``modulus`` and ``signature``: bytes; ``digest``: SHA-256 of what was signed."""
        self._sound = len(modulus) == BYTES and len(signature) == BYTES
        self._modulus = int.from_bytes(modulus, "big")
        self._signature = int.from_bytes(signature, "big")
        self._sound = self._sound and self._modulus > 1 << 8 * BYTES - 1 and self._signature < self._modulus
        tail = SHA256_PREFIX + digest
        block = b"\x00\x01" + b"\xff" * (BYTES - len(tail) - 3) + b"\x00" + tail
        self._wanted = int.from_bytes(block, "big")
        self._power = self._signature
        self._done = 0

    def step(self):
        """None = go on; True = signed by the owner of the key; False = not."""
        if not self._sound:
            return False
        if self._done < SQUARINGS:
            self._power = self._power * self._power % self._modulus
            self._done += 1
            return None
        return self._power * self._signature % self._modulus == self._wanted
