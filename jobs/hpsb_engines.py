"""Where engines lie and whether they may be used: an engine runs only on the GPU and TensorRT that it was built for.

<engines>/<GPU>-<capability>-trt<version>-<key>/hps_plugin_dlrm.onnx          the graph after the surgery
                                               /fp32_hps_plugin_dlrm.trt      the engine
                                               /fp32_hps_plugin_dlrm.json     its manifest, written last
"""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import asdict

from hpsb_console import EnvironmentFaultError
from hpsb_files import content_key, program_digests, read_json, sha256_file

SCHEMA = "hps-bench/engine/1"
GRAPH = "hps_plugin_dlrm.onnx"
PROGRAMS = ("hpsb_engine.py", "hpsb_engines.py", "hpsb_surgery.py", "hpsb_tensorrt.py")
_PATIENCE = 120


def engine_name(precision):
    """File name of an engine, as published."""
    return f"{precision}_hps_plugin_dlrm.trt"


def manifest_name(precision):
    """File name of an engine's manifest."""
    return f"{precision}_hps_plugin_dlrm.json"


def tensorrt_version(interpreter=sys.executable):
    """TensorRT's version by its own word, asked in another process: loading it takes memory. Raises where it is not."""
    ask = "import tensorrt; print('version', tensorrt.__version__)"
    try:
        done = subprocess.run([interpreter, "-c", ask], capture_output=True, text=True, timeout=_PATIENCE, check=False)
    except subprocess.TimeoutExpired as problem:
        raise EnvironmentFaultError(f"importing tensorrt did not end in {_PATIENCE} s") from problem
    found = re.search(r"^version (\S+)$", done.stdout, re.MULTILINE)
    if found is None:
        said = done.stderr.strip().splitlines()
        raise EnvironmentFaultError(
            f"tensorrt cannot be imported by {interpreter}: {said[-1] if said else 'no message'};"
            " use an image that has it: merlin-tensorflow 23.02 to 23.12 or merlin-hugectr 24.06"
        )
    return found.group(1)


def identity(artifacts_key, gpu, version, wanted):
    """All that an engine depends on, as a document; its content key names the folder."""
    return {
        "schema": SCHEMA,
        "artifacts": artifacts_key,
        "gpu": {"product": gpu.product, "compute_capability": gpu.compute_capability},
        "tensorrt": version,
        "image": wanted.image,
        "profile": asdict(wanted.profile),
        "workspace_bytes": wanted.workspace_bytes,
        "programs": program_digests(PROGRAMS),
    }


def folder_name(known):
    """The folder of an identity: readable, and different where anything differs."""
    gpu = known["gpu"]
    readable = f"{gpu['product']}-sm{gpu['compute_capability'].replace('.', '')}-trt{known['tensorrt']}"
    return f"{re.sub(r'[^A-Za-z0-9.]+', '-', readable)}-{content_key(known)[:12]}"


def read_engine(folder, precision, known):
    """The manifest of a whole engine of this identity, or None."""
    manifest = read_json(folder / manifest_name(precision))
    if manifest is None or manifest.get("identity") != known or manifest.get("precision") != precision:
        return None
    path, listed = folder / engine_name(precision), manifest.get("engine", {})
    if not path.is_file() or path.stat().st_size != listed.get("bytes") or sha256_file(path) != listed.get("sha256"):
        return None
    return manifest


def must_read_engine(engines, precision, known):
    """Folder and manifest of an engine to be served. Raises EnvironmentFaultError with what is there instead."""
    folder = engines / folder_name(known)
    manifest = read_engine(folder, precision, known)
    if manifest is not None:
        return folder, manifest
    there = sorted(path.name for path in engines.iterdir() if path.is_dir()) if engines.is_dir() else []
    gpu = known["gpu"]
    raise EnvironmentFaultError(
        f"{folder}: no whole {precision} engine for {gpu['product']} ({gpu['compute_capability']}) with TensorRT"
        f" {known['tensorrt']}; there are: {', '.join(there) or 'none'}; run build_engines.py on this GPU in this image"
    )


def output_of(manifest):
    """Name of the engine's one output tensor, for config.pbtxt."""
    return next(tensor["name"] for tensor in manifest["tensors"] if tensor["mode"] == "output")
