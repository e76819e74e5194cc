"""One reader over a folder of pictures, in the Python that has it: ``reading_peers.py READER FOLDER`` answers JSON.

It may run where this project is not installed, so it imports nothing of it but in the reader that is ours.
"""

import importlib.metadata
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
    reader.load()
    return lambda data: [region.text for region in reader.read(frame(data))]


def pages():
    from edge.vision.digitised_page import page_in
    from edge.vision.pictures import frame
    from edge.vision.reader import Reader

    reader = Reader(threads=2)
    reader.load()
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
    files = sorted(file for file in Path(sys.argv[2]).iterdir() if file.is_file())
    whose = resource.RUSAGE_CHILDREN if sys.argv[1] == "tesseract" else resource.RUSAGE_SELF
    read(files[0].read_bytes())
    lines, ms, cpu_ms = {}, {}, {}
    for file in files:
        data = file.read_bytes()
        began, before = time.perf_counter(), cpu(whose)
        lines[file.name] = read(data)
        ms[file.name], cpu_ms[file.name] = (time.perf_counter() - began) * 1000, (cpu(whose) - before) * 1000
    said = {"lines": lines, "ms": ms, "cpu_ms": cpu_ms, "peak_mb": resource.getrusage(whose).ru_maxrss / 1024}
    print(json.dumps({**said, "version": version(sys.argv[1])}))


def cpu(whose):
    """Seconds of all threads."""
    used = resource.getrusage(whose)
    return used.ru_utime + used.ru_stime


def version(reader):
    if reader == "tesseract":
        told = subprocess.run(["tesseract", "--version"], capture_output=True, text=True, check=True)
        return (told.stdout or told.stderr).splitlines()[0]
    packages = ("rapidocr", "onnxruntime") if reader == "rapidocr" else ("ai-edge-litert",)
    return ", ".join(f"{name} {importlib.metadata.version(name)}" for name in packages)


if __name__ == "__main__":
    main()
