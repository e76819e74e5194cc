"""Every shipped file is the one the manifest describes and computes what onnxruntime computed from its source."""

import hashlib
import tomllib
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from edge.vision.network import Network, facts
from edge.vision.recognise import Recogniser, read_out

MANIFEST = tomllib.loads(files("models").joinpath("manifest.toml").read_text("utf-8"))
STEMS = [Path(model["file"]).stem for model in MANIFEST["model"]]
REFERENCE = np.load(Path(__file__).parent / "parity.npz")
MOST_BYTES = 40_000_000  # what a node is given; tracked in git without LFS


@pytest.mark.parametrize("entry", MANIFEST["model"] + MANIFEST["text"], ids=lambda entry: entry["file"])
def test_every_file_is_the_one_the_manifest_names(entry):
    content = files("models").joinpath(entry["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == entry["sha256"]
    assert entry.get("bytes", len(content)) == len(content)


def test_nothing_else_is_shipped_and_all_of_it_is_small():
    present = {file.name for file in files("models").iterdir() if file.name.endswith(".tflite")}
    assert present == {model["file"] for model in MANIFEST["model"]}
    assert sum(model["bytes"] for model in MANIFEST["model"]) < MOST_BYTES


@pytest.mark.parametrize("stem", STEMS)
def test_a_converted_file_computes_what_onnxruntime_computes(stem):
    network = Network(stem, threads=1)
    exact = next(model for model in MANIFEST["model"] if model["file"] == f"{stem}.tflite")["precision"] == "float32"
    for index, picture in enumerate(REFERENCE[f"{stem}_pictures"]):
        output = network.run(network.normalised(picture))
        if f"{stem}_map" in REFERENCE:
            assert np.abs(output[:, :, 0] - REFERENCE[f"{stem}_map"][index] / 255).max() < 0.01
            continue
        agreeing = (output.argmax(axis=1) == REFERENCE[f"{stem}_top"][index]).mean()
        apart = np.abs(output.max(axis=1) - REFERENCE[f"{stem}_sure"][index].astype(np.float32))
        if exact:
            assert agreeing == 1 and apart.max() < 0.002
        else:  # 8-bit weights: where a sign begins may move by a step, what is read may not
            assert agreeing >= 0.95 and np.median(apart) < 0.02
            reference = np.eye(output.shape[1], dtype=np.float32)[REFERENCE[f"{stem}_top"][index]]
            assert _read(output, stem) == _read(reference, stem)


def _read(steps, stem):
    signs = Recogniser("small" if "small" in stem else "tiny", 1)._signs
    return "".join("".join(sign.text for sign in read_out(steps, signs)).split())


def test_a_mirrored_picture_is_noticed():
    """The parity test must be able to fail: the same network on a wrong input is far from the reference."""
    network = Network("v6tiny_rec_320", threads=1)
    output = network.run(network.normalised(REFERENCE["v6tiny_rec_320_pictures"][0][:, ::-1]))
    assert (output.argmax(axis=1) == REFERENCE["v6tiny_rec_320_top"][0]).mean() < 0.9


@pytest.mark.parametrize("name", ["tiny", "small"])
def test_the_dictionary_has_a_sign_for_every_class(name):
    recogniser = Recogniser(name, 1)
    classes = {model["onnx_output"][2] for model in MANIFEST["model"] if f"v6{name}_rec" in model["file"]}
    assert classes == {len(recogniser._signs)}
    assert all(len(sign) >= 1 for sign in recogniser._signs[1:]) and "档" in recogniser._signs


def test_facts_cover_every_file():
    assert sorted(facts()) == sorted(STEMS)
