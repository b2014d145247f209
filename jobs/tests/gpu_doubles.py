"""Puts the doubles of nvidia-smi and tensorrt where the programs look: folders for PATH and PYTHONPATH."""

import json
import os
import sys
from pathlib import Path

DOUBLES = Path(__file__).resolve().parent / "doubles"


def path_with(folder, **programs):
    """A PATH whose first folder holds executables by these names that run the given double with this Python."""
    place = folder / "bin"
    place.mkdir(exist_ok=True)
    for name, double in programs.items():
        script = place / name.replace("_", "-")
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{DOUBLES / double}" "$@"\n')
        script.chmod(0o755)
    return f"{place}:{os.environ['PATH']}"


def gpu_environment(folder, tensorrt=None, nvidia_smi=None):
    """Environment variables of a machine with a made-up GPU, TensorRT and plug-in."""
    return {
        "PATH": path_with(folder, nvidia_smi="nvidia_smi_double.py"),
        "PYTHONPATH": f"{DOUBLES}:{os.environ.get('PYTHONPATH', '')}",
        "TENSORRT_DOUBLE": json.dumps({"calls": str(folder / "calls.ndjson"), **(tensorrt or {})}),
        "NVIDIA_SMI_DOUBLE": json.dumps(nvidia_smi or {}),
        "HPS_BENCH_HPS_TRT_PLUGIN": some_library(),
        "HPS_BENCH_TERMINATION_LOG": str(folder / "termination.json"),
    }


def some_library():
    """A shared library that this process has loaded: it stands for a plug-in library that can be loaded."""
    for line in Path("/proc/self/maps").read_text().splitlines():
        if "libc.so" in line or "libc-" in line:
            return line.split(maxsplit=5)[5]
    raise AssertionError("no C library among the mapped files")
