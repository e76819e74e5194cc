"""For tflite-runtime: a .tflite file whose matrix products have their 8-bit weights written out as floats.

Its matrix product (2.14, the newest) takes 8-bit weights with one scale for all. Where each column has its own, as in
the small recogniser, it multiplies by a scale of 0 and every line comes out empty; its convolutions have no such limit.
Tables and their fields are numbered as in the published schema of TensorFlow Lite; the file is a flatbuffer.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

import numpy as np

BATCH_MATMUL = 126  # of the built-in operators
FLOAT32, INT8 = 0, 9  # of the types of tensors
ALIGNED = 16  # bytes, of a buffer's content
MODEL_CODES, MODEL_GRAPHS, MODEL_BUFFERS = 1, 2, 4
CODE_BUILT_IN = 0
GRAPH_TENSORS, GRAPH_OPERATORS = 0, 3
OPERATOR_CODE, OPERATOR_INPUTS = 0, 1
TENSOR_SHAPE, TENSOR_TYPE, TENSOR_BUFFER, TENSOR_QUANTIZATION = 0, 1, 2, 4
QUANTIZATION_SCALES, QUANTIZATION_AXIS = 2, 6
BUFFER_OFFSET, BUFFER_SIZE = 1, 2  # of content beside the tables, as the quantizer keeps it


def with_float_products(content: bytes) -> bytes:
    """The same network; without such weights the same bytes. Raises ValueError where weights lie among the tables."""
    data = bytearray(content)
    model = _Table(data, _number(data, 0))
    built_in = [code.byte(CODE_BUILT_IN) for code in model.tables(MODEL_CODES)]
    buffers = list(model.tables(MODEL_BUFFERS))
    for graph in model.tables(MODEL_GRAPHS):
        tensors = list(graph.tables(GRAPH_TENSORS))
        for operator in graph.tables(GRAPH_OPERATORS):
            if built_in[operator.number(OPERATOR_CODE)] == BATCH_MATMUL:
                weights = tensors[operator.numbers(OPERATOR_INPUTS)[1]]
                if weights.byte(TENSOR_TYPE) == INT8:
                    _write_out(weights, buffers[weights.number(TENSOR_BUFFER)], data)
    return bytes(data)


def _write_out(weights: _Table, buffer: _Table, data: bytearray) -> None:
    """The floats at the end of ``data``; the tensor without its scales."""
    offset_at, size_at = buffer.place(BUFFER_OFFSET), buffer.place(BUFFER_SIZE)
    if not (offset_at and size_at):
        raise ValueError("weights among the tables")
    offset, size = (struct.unpack_from("<Q", data, at)[0] for at in (offset_at, size_at))
    shape = weights.numbers(TENSOR_SHAPE)
    quantization = weights.table(TENSOR_QUANTIZATION)
    scales_at, count = quantization.vector(QUANTIZATION_SCALES)
    scales = np.frombuffer(data[scales_at : scales_at + 4 * count], "<f4")
    along = [1] * len(shape)
    along[quantization.number(QUANTIZATION_AXIS)] = count
    whole = np.frombuffer(data[offset : offset + size], np.int8).reshape(shape)
    floats = (whole * scales.reshape(along)).astype("<f4").tobytes()
    data.extend(bytes(-len(data) % ALIGNED))
    struct.pack_into("<Q", data, offset_at, len(data))
    struct.pack_into("<Q", data, size_at, len(floats))
    data.extend(floats)
    data[weights.place(TENSOR_TYPE)] = FLOAT32
    struct.pack_into("<I", data, scales_at - 4, 0)  # so many scales


def _number(data: bytearray, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "little")


class _Table:
    """One table of ``data``. A field that is left out reads as 0, a vector as empty."""

    def __init__(self, data: bytearray, at: int) -> None:
        self._data, self._at = data, at

    def place(self, field: int) -> int:
        """Where the field lies in ``data``; 0 = it was left out."""
        layout: int = self._at - struct.unpack_from("<i", self._data, self._at)[0]
        slot = 4 + 2 * field
        (size,) = struct.unpack_from("<H", self._data, layout)
        (offset,) = struct.unpack_from("<H", self._data, layout + slot) if slot < size else (0,)
        return self._at + offset if offset else 0

    def byte(self, field: int) -> int:
        at = self.place(field)
        return self._data[at] if at else 0

    def number(self, field: int) -> int:
        at = self.place(field)
        return _number(self._data, at) if at else 0

    def vector(self, field: int) -> tuple[int, int]:
        """Where its first element lies, and how many there are."""
        at = self.place(field)
        begins = at + _number(self._data, at)
        return (begins + 4, _number(self._data, begins)) if at else (0, 0)

    def numbers(self, field: int) -> tuple[int, ...]:
        at, count = self.vector(field)
        return struct.unpack_from(f"<{count}i", self._data, at)

    def table(self, field: int) -> _Table:
        at = self.place(field)
        return _Table(self._data, at + _number(self._data, at))

    def tables(self, field: int) -> Iterator[_Table]:
        at, count = self.vector(field)
        for place in range(at, at + 4 * count, 4):
            yield _Table(self._data, place + _number(self._data, place))
