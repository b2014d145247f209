"""Which GPU this container has, by nvidia-smi: what an engine is built for and can only run on."""

from __future__ import annotations

import ctypes
import os
import subprocess
from dataclasses import asdict, dataclass

from hpsb_console import EnvironmentFaultError

NVIDIA_SMI = "nvidia-smi"
_CHOSEN = "HPS_BENCH_GPU"  # set by `hps-bench local --gpu`: one of many GPUs, by its UUID
_PATIENCE = 60.0  # seconds; the first call on a node without persistence mode wakes the GPU
_FIELDS = ("name", "uuid", "driver_version", "memory.total")
_CU_COMPUTE_CAPABILITY = (75, 76)  # CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR, _MINOR of the CUDA driver API


@dataclass(frozen=True)
class Gpu:
    """The first visible GPU; memory in MiB."""

    product: str
    compute_capability: str
    uuid: str
    driver: str
    memory_mib: int | None

    def as_json(self):
        """For a manifest."""
        return asdict(self)


def only_chosen():
    """Arguments by which nvidia-smi tells of the one GPU that is used; none in a container, which sees no other."""
    chosen = os.environ.get(_CHOSEN)
    return [f"--id={chosen}"] if chosen else []


def query(what, fields, nvidia_smi=NVIDIA_SMI):
    """One nvidia-smi query: a list of rows, each a list of texts, or None where the driver does not know a field."""
    command = [nvidia_smi, *only_chosen(), f"--query-{what}={','.join(fields)}", "--format=csv,noheader,nounits"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE, check=False)
    except FileNotFoundError:
        raise EnvironmentFaultError(
            f"{nvidia_smi} is not here, so this container has no GPU; give it the limit nvidia.com/gpu: 1"
        ) from None
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise EnvironmentFaultError(f"{nvidia_smi} does not answer: {problem}") from problem
    said = (done.stdout + done.stderr).strip()
    if done.returncode != 0:
        if "not a valid field" in said:
            return None
        first = said.splitlines()[0] if said else "no message"
        raise EnvironmentFaultError(f"{nvidia_smi} ended with {done.returncode}: {first}")
    return [[cell.strip() for cell in line.split(",")] for line in done.stdout.splitlines() if line.strip()]


def _compute_capability(nvidia_smi):
    """nvidia-smi knows compute_cap from driver 495 on; older drivers are asked by way of libcuda."""
    rows = query("gpu", ["compute_cap"], nvidia_smi)
    if rows:
        return rows[0][0]
    try:
        cuda = ctypes.CDLL("libcuda.so.1")
    except OSError as problem:
        raise EnvironmentFaultError(f"the compute capability cannot be found: {problem}") from problem
    value, parts = ctypes.c_int(), []
    for attribute in _CU_COMPUTE_CAPABILITY:
        if cuda.cuInit(0) != 0 or cuda.cuDeviceGetAttribute(ctypes.byref(value), attribute, 0) != 0:
            raise EnvironmentFaultError("the CUDA driver does not tell the compute capability of device 0")
        parts.append(str(value.value))
    return ".".join(parts)


def first_gpu(nvidia_smi=NVIDIA_SMI):
    """The first visible GPU. Raises EnvironmentFaultError where there is none."""
    rows = query("gpu", _FIELDS, nvidia_smi)
    if not rows or len(rows[0]) != len(_FIELDS):
        raise EnvironmentFaultError(f"no GPU is visible ({nvidia_smi} lists {rows}); give the container one")
    product, uuid, driver, memory = rows[0]
    return Gpu(product, _compute_capability(nvidia_smi), uuid, driver, int(memory) if memory.isdigit() else None)
