"""Which versions of the libraries are installed, found without importing them (TensorFlow takes seconds to import)."""

from __future__ import annotations

import importlib.util
import re
import sys
from importlib import metadata

from hpsb_console import EnvironmentFaultError

# One module, several names of the package that may hold it.
_PACKAGES = {
    "tensorflow": ("tensorflow", "tensorflow-cpu", "tensorflow-gpu", "tensorflow-macos", "tensorflow-cpu-aws"),
    "tf2onnx": ("tf2onnx",),
    "onnx": ("onnx",),
    "numpy": ("numpy",),
}
_OLDEST, _FIRST_KERAS_3 = (2, 10), (2, 16)


def _installed(module):
    if importlib.util.find_spec(module) is None:
        raise EnvironmentFaultError(
            f"the Python module {module} is missing in {sys.executable}; wanted: tensorflow from 2.10 to 2.15"
            " (Keras 2), tf2onnx, onnx, numpy 1.22 or later; use NVIDIA's merlin-tensorflow image or"
            " tensorflow-cpu==2.15.1"
        )
    for package in _PACKAGES[module]:
        try:
            return metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    raise EnvironmentFaultError(f"{module} is installed in {sys.executable} without package metadata: unknown version")


def _pair(text):
    numbers = re.findall(r"\d+", text)
    return (int(numbers[0]), int(numbers[1])) if len(numbers) > 1 else (0, 0)


def hps_version():
    """Version of the module that the HPS SavedModel needs; "unknown" where it has no package metadata."""
    module = "hierarchical_parameter_server"
    if importlib.util.find_spec(module) is None:
        raise EnvironmentFaultError(
            f"the Python module {module} is missing in {sys.executable}; the variant tf_with_hps needs it: use NVIDIA's"
            " merlin-tensorflow image, or leave tf_with_hps out of the variants"
        )
    for package in ("merlin-hps", "merlin_hps", module):
        try:
            return metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return "unknown"


def library_versions(tensorflow=True):
    """Versions by module name, of numpy alone without TensorFlow.

    Raises EnvironmentFaultError where one is missing or cannot do the work.
    """
    versions = {module: _installed(module) for module in (_PACKAGES if tensorflow else ("numpy",))}
    if tensorflow and not _OLDEST <= _pair(versions["tensorflow"]) < _FIRST_KERAS_3:
        raise EnvironmentFaultError(
            f"tensorflow is {versions['tensorflow']}; allowed: 2.10 to 2.15, since the model is a Keras 2 SavedModel"
        )
    if _pair(versions["numpy"]) < (1, 22):
        raise EnvironmentFaultError(f"numpy is {versions['numpy']}; allowed: 1.22 or later")
    return versions
