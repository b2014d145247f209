"""What this machine has: GPUs as nvidia-smi tells them, memory and cgroup limits, disk, shared memory. Reads only."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from dataclasses import asdict, dataclass
from pathlib import Path

from hpsb_console import EnvironmentFaultError
from hpsb_gpu import only_chosen

_MIB = 1 << 20
_GPU_FIELDS = ("uuid", "name", "compute_cap", "driver_version", "memory.total", "memory.free", "mig.mode.current")
_PROCESS_FIELDS = ("gpu_uuid", "pid", "used_gpu_memory", "process_name")
_PATIENCE = 60.0  # seconds; the first nvidia-smi on a node without persistence mode wakes the GPU


@dataclass(frozen=True)
class GpuProcess:
    """A process that holds memory of a GPU; ``memory`` in bytes."""

    pid: int
    name: str
    memory: int


@dataclass(frozen=True)
class Gpu:
    """A GPU, or the MIG slice of one that this container sees; memory in bytes.

    ``capability`` is None with a driver whose nvidia-smi does not tell it (R470 and older).
    """

    uuid: str
    name: str
    capability: str | None
    driver: str
    memory_total: int
    memory_free: int
    mig: bool
    processes: tuple[GpuProcess, ...]

    def as_json(self):
        """For a record of the environment."""
        return asdict(self)


@dataclass(frozen=True)
class Memory:
    """``available`` is the smaller of what the machine has left and what the cgroup allows, in bytes."""

    available: int
    machine_available: int
    limit: int | None

    @property
    def limited(self):
        """Whether the cgroup's limit is the tighter bound."""
        return self.limit is not None and self.limit < self.machine_available

    def as_json(self):
        """For a record of the environment."""
        return asdict(self)


@dataclass(frozen=True)
class Disk:
    """Free bytes of a folder's file system, and bytes that the folder holds already."""

    folder: str
    free: int
    held: int

    def as_json(self):
        """For a record of the environment."""
        return asdict(self)


def _number(text):
    """MiB as nvidia-smi prints them, in bytes; 0 for "[N/A]" and "[Insufficient Permissions]"."""
    return int(text) * _MIB if text.isdigit() else 0


class Probe:
    """The real machine. Tests give another root folder and another nvidia-smi."""

    def __init__(self, root="/", nvidia_smi="nvidia-smi"):
        self._root = Path(root)
        self._nvidia_smi = nvidia_smi

    def _smi(self, *arguments):
        try:
            done = subprocess.run(
                [self._nvidia_smi, *only_chosen(), *arguments],
                capture_output=True,
                text=True,
                timeout=_PATIENCE,
                check=False,
            )
        except FileNotFoundError:
            raise EnvironmentFaultError(
                f"{self._nvidia_smi} is not here, so this container has no GPU; give it the limit nvidia.com/gpu: 1"
                " and a node with NVIDIA's container toolkit"
            ) from None
        except subprocess.TimeoutExpired:
            raise EnvironmentFaultError(
                f"{self._nvidia_smi} did not answer in {_PATIENCE:.0f} s; the node's driver hangs, see its kernel log"
            ) from None
        if done.returncode != 0:
            said = (done.stdout + done.stderr).strip().splitlines()
            raise EnvironmentFaultError(
                f"{self._nvidia_smi} ended with {done.returncode}: {said[0] if said else 'no message'};"
                " give the container the limit nvidia.com/gpu: 1 and see that the node's driver works"
            )
        return done.stdout

    def _gpu_rows(self):
        try:
            return self._query("gpu", _GPU_FIELDS)
        except EnvironmentFaultError as problem:
            if "compute_cap" not in str(problem):
                raise
        fields = [field for field in _GPU_FIELDS if field != "compute_cap"]
        return [{**row, "compute_cap": None} for row in self._query("gpu", fields)]

    def _query(self, what, fields):
        text = self._smi(f"--query-{what}={','.join(fields)}", "--format=csv,noheader,nounits")
        rows = [
            [cell.strip() for cell in line.split(", ", len(fields) - 1)] for line in text.splitlines() if line.strip()
        ]
        for row in rows:
            if len(row) != len(fields):
                raise EnvironmentFaultError(
                    f"{self._nvidia_smi} --query-{what} answered {', '.join(row)!r};"
                    f" expected {len(fields)} values: {', '.join(fields)}"
                )
        return [dict(zip(fields, row)) for row in rows]

    def gpus(self):
        """The visible GPUs, at least one. Raises EnvironmentFaultError where there is none."""
        rows = self._gpu_rows()
        if not rows:
            raise EnvironmentFaultError("no GPU is visible; give the container the limit nvidia.com/gpu: 1")
        users = self._query("compute-apps", _PROCESS_FIELDS)
        return [self._gpu(row, users) for row in rows]

    def _gpu(self, row, users):
        mig = row["mig.mode.current"] == "Enabled"
        total, free = _number(row["memory.total"]), _number(row["memory.free"])
        if mig:
            total, free = self._mig_memory(row["uuid"])
        holders = tuple(
            GpuProcess(int(user["pid"]), user["process_name"], _number(user["used_gpu_memory"]))
            for user in users
            if user["gpu_uuid"] == row["uuid"] and user["pid"].isdigit()
        )
        return Gpu(row["uuid"], row["name"], row["compute_cap"], row["driver_version"], total, free, mig, holders)

    def _mig_memory(self, uuid):
        """Total and free bytes of the first MIG slice that is visible of a GPU; (0, 0) if none is."""
        tree = ElementTree.fromstring(self._smi("-q", "-x"))
        for gpu in tree.iter("gpu"):
            slice_memory = gpu.find("mig_devices/mig_device/fb_memory_usage")
            if gpu.findtext("uuid") == uuid and slice_memory is not None:
                return tuple(_number(slice_memory.findtext(key, "").split(" ")[0]) for key in ("total", "free"))
        return 0, 0

    def memory(self):
        """Host memory that this process may still take."""
        text = (self._root / "proc/meminfo").read_text(encoding="ascii")
        found = re.search(r"^MemAvailable:\s+(\d+) kB", text, re.MULTILINE)
        if found is None:
            raise EnvironmentFaultError("/proc/meminfo has no MemAvailable; Linux 3.14 or newer is needed")
        machine = int(found.group(1)) * 1024
        limit = self._cgroup_limit()
        return Memory(machine if limit is None else min(machine, limit), machine, limit)

    def _cgroup_limit(self):
        """The tightest memory limit of this process's cgroup and those above it, in bytes; None if there is none.

        Version 2 is one tree with ``memory.max``; version 1 has a tree for memory with ``memory.limit_in_bytes``, where
        a number near 2**63 means none. Source: the kernel's cgroup-v2 and cgroup-v1/memory documents.
        """
        limits = []
        for line in self._lines("proc/self/cgroup"):
            _id, controllers, path = line.split(":", 2)
            if controllers == "":
                limits += self._limits("sys/fs/cgroup", path, "memory.max")
            elif "memory" in controllers.split(","):
                limits += self._limits("sys/fs/cgroup/memory", path, "memory.limit_in_bytes")
        real = [limit for limit in limits if limit < 1 << 60]
        return min(real) if real else None

    def _limits(self, mount, path, name):
        """Limits from the group at ``path`` up to the mount's root (in a container the path may be the host's)."""
        parts = [part for part in path.split("/") if part not in ("", "..")]
        for depth in range(len(parts), -1, -1):
            for text in self._lines("/".join([mount, *parts[:depth], name])):
                if text.isdigit():
                    yield int(text)

    def _lines(self, name):
        try:
            return (self._root / name).read_text(encoding="utf-8").splitlines()
        except OSError:
            return []

    def disk(self, folder):
        """Free space where a folder is or will be."""
        existing = Path(folder)
        while not existing.exists():
            existing = existing.parent
        return Disk(str(folder), shutil.disk_usage(existing).free, _held(Path(folder)))

    def shm(self):
        """Bytes that /dev/shm can hold; 0 where it is not a file system of its own."""
        folder = self._root / "dev/shm"
        return shutil.disk_usage(folder).total if folder.is_dir() else 0


def _held(folder):
    """Bytes of a folder's files on disk; a file with two names counts once."""
    seen = {}
    for path in folder.rglob("*") if folder.is_dir() else []:
        try:
            status = os.lstat(path)
        except FileNotFoundError:
            continue
        seen[(status.st_dev, status.st_ino)] = status.st_blocks * 512
    return sum(seen.values())
