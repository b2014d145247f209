"""How often the kernel holds this container back for its CPU limit: ``cpu.stat`` of its cgroup, version 1 or 2."""

from __future__ import annotations

import time
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")


def _places(own, root):
    """Where cpu.stat may lie. A container often does not see its own path: then the root of the mount is its group."""
    for line in own.splitlines():
        _, controllers, path = [*line.split(":", 2), "", ""][:3]
        inside = path.lstrip("/")
        if controllers == "":
            yield from (root / inside, root, root / "unified" / inside)
        elif "cpu" in controllers.split(","):
            for name in (controllers, "cpu", "cpu,cpuacct"):
                yield from (root / name / inside, root / name)


def read_cpu_stat(own=None, root=ROOT):
    """{"seconds" (a clock), "periods", "throttled_periods", "throttled_us"} since the group began; None if not counted.

    A group without a CPU limit counts no periods: it cannot be held back.
    """
    try:
        own = Path("/proc/self/cgroup").read_text(encoding="utf-8") if own is None else own
    except OSError:
        return None
    for place in _places(own, root):
        try:
            text = (place / "cpu.stat").read_text(encoding="utf-8")
        except OSError:
            continue
        stat = dict(line.split(None, 1) for line in text.splitlines() if " " in line)
        if "nr_throttled" not in stat:
            continue
        # Version 2 counts microseconds, version 1 nanoseconds.
        us = int(stat["throttled_usec"]) if "throttled_usec" in stat else int(stat["throttled_time"]) / 1000
        return {
            "seconds": time.monotonic(),
            "periods": int(stat["nr_periods"]),
            "throttled_periods": int(stat["nr_throttled"]),
            "throttled_us": us,
        }
    return None


def throttling(before, after):
    """What happened between two readings of the same group, as evidence holds it; None where they are not of one."""
    if before is None or after is None:
        return None
    change = {name: after[name] - before[name] for name in before}
    return None if min(change.values()) < 0 else change
