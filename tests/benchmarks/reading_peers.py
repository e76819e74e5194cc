"""One reader over a folder of pictures, in the Python that has it: ``reading_peers.py READER FOLDER`` answers JSON.

It may run where this project is not installed, so it imports nothing of it but in the reader that is ours.
"""

import io
import json
import resource
import subprocess
import sys
import time
from pathlib import Path


def storeroom():
    from edge.vision.pictures import frame
    from edge.vision.reader import Reader

    reader = Reader(threads=2)
    return lambda data: [region.text for region in reader.read(frame(data))]


def pages():
    from edge.vision.digitised_page import page_in
    from edge.vision.pictures import frame
    from edge.vision.reader import Reader

    reader = Reader(threads=2)
    return lambda data: [line["text"] for line in page_in(frame(data), reader, 1, of_camera=False)[0]["lines"]]


def rapidocr():
    from rapidocr import RapidOCR

    engine = RapidOCR(
        params={
            "EngineConfig.onnxruntime.intra_op_num_threads": 2,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Global.log_level": "error",
        }
    )
    return lambda data: list(engine(data).txts or ())


def tesseract():
    from PIL import Image

    def read(data):
        png = io.BytesIO()
        Image.open(io.BytesIO(data)).save(png, "PNG")
        command = ["tesseract", "-", "-", "-l", "chi_sim+eng", "--psm", "6"]
        return (
            subprocess.run(command, input=png.getvalue(), capture_output=True, check=True).stdout.decode().split("\n")
        )

    return read


def main():
    read = {"storeroom": storeroom, "pages": pages, "rapidocr": rapidocr, "tesseract": tesseract}[sys.argv[1]]()
    files = sorted(Path(sys.argv[2]).glob("*.jpg"))
    read(files[0].read_bytes())
    lines, ms = {}, {}
    for file in files:
        data = file.read_bytes()
        began = time.perf_counter()
        lines[file.name] = read(data)
        ms[file.name] = (time.perf_counter() - began) * 1000
    whose = resource.RUSAGE_CHILDREN if sys.argv[1] == "tesseract" else resource.RUSAGE_SELF
    print(json.dumps({"lines": lines, "ms": ms, "peak_mb": resource.getrusage(whose).ru_maxrss / 1024}))


if __name__ == "__main__":
    main()
