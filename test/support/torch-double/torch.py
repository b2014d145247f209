"""A double of PyTorch as far as `hps-bench local --gpu` asks for it: TORCH_DOUBLE is "gpu", "no gpu" or "no cuda"."""

import os
from types import SimpleNamespace

_KIND = os.environ.get("TORCH_DOUBLE", "gpu")
__version__ = "2.11.0"
version = SimpleNamespace(cuda=None if _KIND == "no cuda" else "13.0")


def _properties(_index):
    if _KIND == "no gpu":
        raise RuntimeError("No CUDA GPUs are available\nand more lines")
    return SimpleNamespace(name="NVIDIA Made-up 80GB", total_memory=85_899_345_920, major=9, minor=0)


cuda = SimpleNamespace(get_device_properties=_properties)
