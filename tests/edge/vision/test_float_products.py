"""What tflite-runtime is given instead of 8-bit matrix products computes what the shipped file computes."""

from importlib.resources import files

import numpy as np
from ai_edge_litert.interpreter import Interpreter

from edge.vision.float_products import with_float_products
from tests.models.test_parity import REFERENCE


def steps(content: bytes) -> list[np.ndarray]:
    interpreter = Interpreter(model_content=content, num_threads=1)
    interpreter.allocate_tensors()
    given, told = interpreter.get_input_details()[0]["index"], interpreter.get_output_details()[0]["index"]
    answers = []
    for picture in REFERENCE["v6small_rec_320_pictures"]:
        interpreter.set_tensor(given, (picture.astype(np.float32)[None] / 255 - 0.5) / 0.5)
        interpreter.invoke()
        answers.append(interpreter.get_tensor(told)[0])
    return answers


def shipped(stem: str) -> bytes:
    return files("models").joinpath(f"{stem}.tflite").read_bytes()


def test_the_small_recogniser_with_its_products_in_floats_reads_the_same_signs():
    before, rewritten = shipped("v6small_rec_320"), with_float_products(shipped("v6small_rec_320"))
    assert len(rewritten) > len(before) + 3 * 120 * 18710, "weights of four bytes instead of one"
    for ours, theirs in zip(steps(rewritten), steps(before), strict=True):
        assert (ours.argmax(axis=1) == theirs.argmax(axis=1)).all()
        assert np.median(np.abs(ours.max(axis=1) - theirs.max(axis=1))) < 0.01


def test_a_file_whose_weights_are_floats_stays_as_it_is():
    assert with_float_products(shipped("v6tiny_rec_320")) == shipped("v6tiny_rec_320")
    once = with_float_products(shipped("v6small_rec_640"))
    assert with_float_products(once) == once
