"""One .tflite file of ``models/`` behind a call: numpy in, numpy out."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from edge.errors import DeviceFault
from edge.vision.float_products import with_float_products

Pixels = NDArray[np.uint8]  # height × width × 3: blue, green, red
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the manifest says of one file."""

    file: str
    sha256: str
    height_px: int
    width_px: int
    mean: tuple[float, ...]
    std: tuple[float, ...]
    dictionary: str


@cache
def facts() -> dict[str, Facts]:
    """Stem of the file → its facts."""
    manifest = tomllib.loads(files("models").joinpath("manifest.toml").read_text("utf-8"))
    return {
        model["file"].removesuffix(".tflite"): Facts(
            model["file"],
            model["sha256"],
            model["onnx_input"][2],
            model["onnx_input"][3],
            tuple(model["mean"]),
            tuple(model["std"]),
            model.get("dictionary", ""),
        )
        for model in manifest["model"]
    }


class Network:
    """For one thread at a time. Raises DeviceFault ``ocr_missing`` (interpreter or file) or ``model_damaged``."""

    def __init__(self, stem: str, threads: int) -> None:
        self.facts = facts()[stem]
        try:
            content = files("models").joinpath(self.facts.file).read_bytes()
        except OSError as error:
            raise DeviceFault("ocr_missing", "install_again", what=self.facts.file) from error
        if hashlib.sha256(content).hexdigest() != self.facts.sha256:
            raise DeviceFault("model_damaged", "install_again", what=self.facts.file)
        self._interpreter = _interpreter(content, threads)
        self._interpreter.allocate_tensors()
        self._input = self._interpreter.get_input_details()[0]["index"]
        self._output = self._interpreter.get_output_details()[0]["index"]
        scale, offset = np.array(self.facts.std, np.float32) * 255, np.array(self.facts.mean, np.float32)
        self._factor, self._shift = (1 / scale).astype(np.float32), (offset * 255 / scale).astype(np.float32)

    def normalised(self, pixels: Pixels) -> Floats:
        normal = np.empty(pixels.shape, np.float32)
        for channel in range(len(self._factor)):  # at once numpy would go through the pixels three numbers at a time
            np.multiply(pixels[:, :, channel], self._factor[channel], out=normal[:, :, channel])
            normal[:, :, channel] -= self._shift[channel]
        return normal

    def run(self, tensor: Floats) -> Floats:
        """``tensor`` without its first dimension, 1, which the answer lacks too."""
        self._interpreter.set_tensor(self._input, tensor[None])
        self._interpreter.invoke()
        answer: Floats = self._interpreter.get_tensor(self._output)[0]
        return answer


def _interpreter(content: bytes, threads: int) -> Any:
    """LiteRT; or the older TFLite runtime of the same calls, at a fifth to a tenth of its speed."""
    try:
        from ai_edge_litert.interpreter import Interpreter
    except ImportError:
        try:
            from tflite_runtime.interpreter import Interpreter
        except ImportError as error:
            raise DeviceFault("ocr_missing", "install_litert", what="ai-edge-litert") from error
        content = with_float_products(content)
    return Interpreter(model_content=content, num_threads=threads)
