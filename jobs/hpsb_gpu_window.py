"""The GPU during one measurement: what serve.py's samples say of it, summed up."""

from __future__ import annotations

import json
import statistics
from datetime import datetime

from hpsb_gpu_samples import FILE_NAME

# About what is written in the time from Triton's readiness to the first measurement.
_BASELINE_BYTES = 20_000
_RANGES = ("sm_clock_mhz", "memory_clock_mhz", "temperature_c", "power_w")


class GpuWindow:
    """Reads what serve.py appends. ``folder``: paths.server."""

    def __init__(self, folder):
        self._path = folder / FILE_NAME
        # Processes that cannot be told from Triton's by their parents, as in a container that sees the node's numbers
        # but not its processes: those on the GPU once every variant has answered are taken for Triton's.
        self._expected = {
            process["pid"]
            for sample in _samples(self._path, max(0, self._size() - _BASELINE_BYTES))
            for process in sample["processes"]
            if process.get("own") is None
        }

    def _size(self):
        try:
            return self._path.stat().st_size
        except OSError:
            return 0

    def begin(self):
        """A mark for ``since``."""
        return self._size()

    def since(self, mark, started, ended):
        """A summary of each GPU from the samples between two ISO times, as evidence holds it; None without samples."""
        since, until = datetime.fromisoformat(started), datetime.fromisoformat(ended)
        samples = [item for item in _samples(self._path, mark) if since <= datetime.fromisoformat(item["at"]) <= until]
        uuids = list(dict.fromkeys(sample.get("gpu") for sample in samples))
        return [self._summary(uuid, [one for one in samples if one.get("gpu") == uuid]) for uuid in uuids] or None

    def _summary(self, uuid, samples):
        reasons, others = {}, {}
        for sample in samples:
            reason = sample.get("throttle_reasons")
            if isinstance(reason, str):
                reasons[reason] = reasons.get(reason, 0) + 1
            for process in sample["processes"]:
                own = process.get("own")
                if own is False or (own is None and process["pid"] not in self._expected):
                    seen = others.get(process["pid"], {"samples": 0})
                    others[process["pid"]] = {"samples": seen["samples"] + 1, "memory_mib": process.get("memory_mib")}
        return {
            "uuid": uuid,
            "samples": len(samples),
            **{name: _range([sample.get(name) for sample in samples]) for name in _RANGES},
            "throttle_reasons": reasons,
            "other_processes": [{"pid": pid, **seen} for pid, seen in sorted(others.items())],
        }


def _range(values):
    numbers = [value for value in values if isinstance(value, (int, float))]
    return {"min": min(numbers), "median": statistics.median(numbers), "max": max(numbers)} if numbers else None


def _samples(path, offset):
    """Samples that begin at or after the offset. A line cut off at either end is passed over."""
    try:
        with path.open("rb") as file:
            file.seek(offset)
            lines = file.read().splitlines()
    except OSError:
        return
    for line in lines:
        try:
            document = json.loads(line)
        except ValueError:
            continue
        if isinstance(document, dict) and isinstance(document.get("processes"), list):
            yield document
