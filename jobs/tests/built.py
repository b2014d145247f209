"""Artifacts of a tiny model, made once for all tests of a process and removed at its end."""

import atexit
import functools
import shutil
import tempfile
from pathlib import Path

from support import run, write_settings


@functools.lru_cache(maxsize=1)
def artifacts():
    """The folder of whole artifacts; tests must not change it."""
    folder = Path(tempfile.mkdtemp(prefix="hps-bench-artifacts-"))
    atexit.register(shutil.rmtree, folder)
    result = run("create_models.py", write_settings(folder))
    if result.returncode:
        raise AssertionError(result.stderr)
    return folder / "artifacts"
