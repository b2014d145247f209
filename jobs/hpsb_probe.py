"""What this machine has: GPUs as nvidia-smi tells them, memory and cgroup limits, disk, shared memory. Reads only."""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from hpsb_console import EnvironmentFaultError
from hpsb_gpu import NVIDIA_SMI, visible_gpus


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


class Probe:
    """The real machine. Tests give another root folder and another nvidia-smi."""

    def __init__(self, root="/", nvidia_smi=NVIDIA_SMI):
        self._root = Path(root)
        self._nvidia_smi = nvidia_smi

    def gpus(self):
        """The visible GPUs, at least one. Raises EnvironmentFaultError where there is none."""
        return visible_gpus(self._nvidia_smi)

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
