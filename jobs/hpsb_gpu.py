"""Which GPUs this container has, as nvidia-smi tells them: names, memory, driver, who uses them. Reads only."""

from __future__ import annotations

import ctypes
import os
import subprocess
import xml.etree.ElementTree as ElementTree
from dataclasses import asdict, dataclass, replace

from hpsb_console import EnvironmentFaultError

NVIDIA_SMI = "nvidia-smi"
_CHOSEN = "HPS_BENCH_GPU"  # set by `hps-bench local --gpu`: one of many GPUs, by its UUID
_MIB = 1 << 20
_FIELDS = ("uuid", "name", "compute_cap", "driver_version", "memory.total", "memory.free", "mig.mode.current")
_PROCESS_FIELDS = ("gpu_uuid", "pid", "used_gpu_memory", "process_name")
_PATIENCE = 60.0  # seconds; the first nvidia-smi on a node without persistence mode wakes the GPU
_CU_COMPUTE_CAPABILITY = (75, 76)  # CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR, _MINOR of the CUDA driver API
_LIMIT = "give the container the limit nvidia.com/gpu: 1"


@dataclass(frozen=True)
class GpuProcess:
    """A process that holds memory of a GPU; ``memory`` in bytes."""

    pid: int
    name: str
    memory: int


@dataclass(frozen=True)
class Gpu:
    """A GPU, or the MIG slice of one that this container sees; memory in bytes.

    ``compute_capability`` is None with a driver whose nvidia-smi does not tell it (R470 and older).
    """

    uuid: str
    product: str
    compute_capability: str | None
    driver: str
    memory_total: int
    memory_free: int
    mig: bool
    processes: tuple[GpuProcess, ...]

    def as_json(self):
        """For a record of the environment or a manifest."""
        return asdict(self)


def _command(nvidia_smi, *arguments):
    """nvidia-smi for the one GPU that is used where it is named; a container sees no other."""
    chosen = os.environ.get(_CHOSEN)
    return [nvidia_smi, *([f"--id={chosen}"] if chosen else []), *arguments]


def query_command(what, fields, nvidia_smi=NVIDIA_SMI):
    """The command that prints these fields, a line for each GPU or process."""
    return _command(nvidia_smi, f"--query-{what}={','.join(fields)}", "--format=csv,noheader,nounits")


def _ask(command):
    """What nvidia-smi prints, or None where its driver does not know a field that is asked for."""
    nvidia_smi = command[0]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE, check=False)
    except FileNotFoundError:
        raise EnvironmentFaultError(
            f"{nvidia_smi} is not here, so this container has no GPU; {_LIMIT} and a node with NVIDIA's container"
            " toolkit"
        ) from None
    except subprocess.TimeoutExpired:
        raise EnvironmentFaultError(
            f"{nvidia_smi} did not answer in {_PATIENCE:.0f} s; the node's driver hangs, see its kernel log"
        ) from None
    except OSError as problem:
        raise EnvironmentFaultError(f"{nvidia_smi} cannot be run: {problem}") from problem
    if done.returncode == 0:
        return done.stdout
    said = (done.stdout + done.stderr).strip()
    if "not a valid field" in said:
        return None
    first = said.splitlines()[0] if said else "no message"
    raise EnvironmentFaultError(
        f"{nvidia_smi} ended with {done.returncode}: {first}; {_LIMIT} and see that the node's driver works"
    )


def query(what, fields, nvidia_smi=NVIDIA_SMI):
    """One nvidia-smi query: a list of rows, each a list of texts, or None where the driver does not know a field."""
    text = _ask(query_command(what, fields, nvidia_smi))
    if text is None:
        return None
    # The last field may hold a comma of its own, as a program's name does.
    rows = [[cell.strip() for cell in line.split(",", len(fields) - 1)] for line in text.splitlines() if line.strip()]
    for row in rows:
        if len(row) != len(fields):
            raise EnvironmentFaultError(
                f"{nvidia_smi} --query-{what} answered {', '.join(row)!r};"
                f" expected {len(fields)} values: {', '.join(fields)}"
            )
    return rows


def _known(what, fields, nvidia_smi):
    """Rows as dicts; a field that the driver does not know is None in all of them."""
    rows = query(what, fields, nvidia_smi)
    if rows is None:
        known = [field for field in fields if query(what, [field], nvidia_smi) is not None]
        rows = query(what, known, nvidia_smi) if known else []
        return [{**dict.fromkeys(fields), **dict(zip(known, row))} for row in rows]
    return [dict(zip(fields, row)) for row in rows]


def _bytes(text):
    """MiB as nvidia-smi prints them, in bytes; 0 for "[N/A]" and "[Insufficient Permissions]"."""
    return int(text) * _MIB if text is not None and text.isdigit() else 0


def visible_gpus(nvidia_smi=NVIDIA_SMI):
    """The visible GPUs, at least one. Raises EnvironmentFaultError where there is none."""
    rows = _known("gpu", _FIELDS, nvidia_smi)
    if not rows:
        raise EnvironmentFaultError(f"no GPU is visible; {_LIMIT}")
    users = _known("compute-apps", _PROCESS_FIELDS, nvidia_smi)
    return [_gpu(row, users, nvidia_smi) for row in rows]


def _gpu(row, users, nvidia_smi):
    mig = row["mig.mode.current"] == "Enabled"
    total, free = _bytes(row["memory.total"]), _bytes(row["memory.free"])
    if mig:
        total, free = _mig_memory(row["uuid"], nvidia_smi)
    holders = tuple(
        GpuProcess(int(user["pid"]), user["process_name"], _bytes(user["used_gpu_memory"]))
        for user in users
        if user["gpu_uuid"] == row["uuid"] and user["pid"].isdigit()
    )
    return Gpu(row["uuid"], row["name"], row["compute_cap"], row["driver_version"], total, free, mig, holders)


def _mig_memory(uuid, nvidia_smi):
    """Total and free bytes of the first MIG slice that is visible of a GPU; (0, 0) if none is."""
    tree = ElementTree.fromstring(_ask(_command(nvidia_smi, "-q", "-x")))
    for gpu in tree.iter("gpu"):
        memory = gpu.find("mig_devices/mig_device/fb_memory_usage")
        if gpu.findtext("uuid") == uuid and memory is not None:
            return tuple(_bytes(memory.findtext(key, "").split(" ")[0]) for key in ("total", "free"))
    return 0, 0


def first_gpu(nvidia_smi=NVIDIA_SMI):
    """The first visible GPU, with its compute capability. Raises EnvironmentFaultError where there is none."""
    gpu = visible_gpus(nvidia_smi)[0]
    return gpu if gpu.compute_capability is not None else replace(gpu, compute_capability=_capability_from_driver())


def _capability_from_driver():
    """nvidia-smi knows compute_cap from driver 495 on; older drivers are asked by way of libcuda."""
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
