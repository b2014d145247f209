"""What the tests share: settings of a tiny model, programs run as a user runs them, and reasons to skip."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

JOBS = Path(__file__).resolve().parent.parent
REPOSITORY = JOBS.parent
DOUBLES = JOBS / "tests" / "doubles"
sys.path.insert(0, str(JOBS))
sys.dont_write_bytecode = True

# The published cardinalities (Criteo 1 TB, frequency threshold 15), in slot order.
FULL = [
    *(7912889, 33823, 17139, 7339, 20046, 4, 7105, 1382, 63, 5554114, 582469, 245828, 11),
    *(2209, 10667, 104, 4, 968, 15, 8165896, 2675940, 7156453, 302516, 12022, 97, 35),
]
TINY = [40, 1, 7, 3, 20, 4, 9, 1, 63, 30, 5, 2, 11, 22, 10, 104, 4, 8, 15, 50, 26, 71, 30, 12, 97, 35]

UNIFORM_KEYS = {"distribution": "uniform", "hit_rate": 1.0, "cached": 1.0, "exponent": 0.0}


def needs(*modules):
    """Skip a test, or a class of them, where a module is missing; the reason names it."""
    missing = [name for name in modules if importlib.util.find_spec(name) is None]
    return unittest.skipIf(missing, f"not installed here: {', '.join(missing)}")


def document(folder, cardinalities=None, **changes):
    """A settings document; ``changes`` are dotted keys with __ for the dot, such as model__seed=3."""
    base = {
        "schema": "hps-bench/job-settings/1",
        "run_id": "test",
        "spec_hash": "0" * 64,
        "model": {
            "name": "dlrm",
            "cardinalities": list(cardinalities or TINY),
            "embedding_width": 128,
            "dense_features": 13,
            "bottom_mlp": [512, 256, 128],
            "top_mlp": [1024, 1024, 512, 256, 1],
            "seed": 20230215,
            "table": {"distribution": "uniform", "low": -0.05, "high": 0.05},
            "opset": 13,
        },
        "hps": {
            "gpu_cache_fraction": 0.2,
            "workers": 3,
            "hit_rate_threshold": 1.0,
            "max_batch_size": 131072,
            "default_value": 1.0,
            "refresh_fraction": 0.0,
            "deployed_devices": [0],
        },
        "artifacts": {"hps_saved_model": False, "tensorflow": True},
        "requests": {"batches": [1, 32], "seed": 7, "tensors": "json", "keys": UNIFORM_KEYS},
        "paths": {"artifacts": str(folder / "artifacts"), "requests": str(folder / "requests")},
    }
    for key, value in changes.items():
        *sections, name = key.split("__")
        place = base
        for section in sections:
            place = place[section]
        place[name] = value
    return base


def write_settings(folder, cardinalities=None, **changes):
    """Write settings.json into the folder; returns its path."""
    path = folder / "settings.json"
    path.write_text(json.dumps(document(folder, cardinalities, **changes)), encoding="utf-8")
    return path


def command(program, settings):
    """The command line of a program, as the kit starts it."""
    return [sys.executable, str(JOBS / program), "--settings", str(settings)]


def environment(**more):
    """The environment for child programs: ours, the doubles of what is not here, and nothing written at the sources."""
    more.setdefault("PYTHONPATH", str(DOUBLES))
    return {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **more}


def run(program, settings, **more):
    """Run a program to its end; returns the completed process with its text."""
    return subprocess.run(
        command(program, settings), env=environment(**more), capture_output=True, text=True, timeout=300, check=False
    )


def digests(folder):
    """SHA-256 of every file in a folder, by relative name; manifests (which hold seconds) and the lock left out."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in ("manifest.json", "requests.json", ".lock")
    }


class NoLinks:
    """A double of a file system without hard links: a folder for PYTHONPATH that every Python below it imports."""

    def __init__(self, folder):
        (folder / "sitecustomize.py").write_text(
            "import errno, os\n"
            "def link(*_, **__):\n"
            "    raise OSError(errno.EPERM, 'Operation not permitted')\n"
            "os.link = link\n"
        )
        self.path = str(folder)


def progress(text):
    """The progress lines of a program's output, decoded."""
    mark = "#hps-bench:progress "
    return [json.loads(line[len(mark) :]) for line in text.splitlines() if line.startswith(mark)]


class FolderCase(unittest.TestCase):
    """A test with a folder of its own, removed afterwards."""

    def setUp(self):
        """Make the folder."""
        holder = tempfile.TemporaryDirectory(prefix="hps-bench-test-")
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)
