"""Samples of the GPU at 1 Hz beside the server, a JSON object a line: clocks, throttling, heat, power, memory, use.

One nvidia-smi runs for the samples and one for the processes on the GPU, each with -l 1, instead of a fresh one each
second. Where there is no nvidia-smi there are no samples.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
import time
from datetime import datetime, timezone

from hpsb_console import EnvironmentFaultError
from hpsb_gpu import NVIDIA_SMI, query, query_command
from hpsb_processes import is_descendant

FILE_NAME = "gpu-samples.ndjson"
SCHEMA = "hps-bench/gpu-samples/1"
# What a sample holds, and nvidia-smi's field: a second name where newer drivers call it otherwise.
FIELDS = {
    "gpu": ("uuid",),
    "pstate": ("pstate",),
    "sm_clock_mhz": ("clocks.sm",),
    "memory_clock_mhz": ("clocks.mem",),
    "throttle_reasons": ("clocks_throttle_reasons.active", "clocks_event_reasons.active"),
    "temperature_c": ("temperature.gpu",),
    "power_w": ("power.draw",),
    "memory_used_mib": ("memory.used",),
    "memory_total_mib": ("memory.total",),
    "utilization_gpu_percent": ("utilization.gpu",),
    "utilization_memory_percent": ("utilization.memory",),
}
_PROCESS_FIELDS = ("gpu_uuid", "pid", "used_gpu_memory")
_FRESH = 2.5  # seconds for which a process seen on a GPU counts as being there
_RETRY = 5.0  # seconds until a sampler that ended is started again


def _now():
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds")


def _value(text):
    """A number where it is one, a text such as 0x0000000000000004, None for [N/A] and its like."""
    text = text.strip()
    if text.startswith("["):
        return None
    try:
        return float(text) if "." in text else int(text)
    except ValueError:
        return text


def known_fields(nvidia_smi=NVIDIA_SMI):
    """{name in a sample: field} of the fields that this driver knows."""
    found = {}
    for name, spellings in FIELDS.items():
        field = next((field for field in spellings if query("gpu", [field], nvidia_smi) is not None), None)
        if field is not None:
            found[name] = field
    return found


class GpuSampler:
    """Writes samples into a file of the folder until it is closed; ``start`` says whether there is a GPU to sample."""

    def __init__(self, folder, nvidia_smi=NVIDIA_SMI):
        self.path = folder / FILE_NAME
        self._smi = nvidia_smi
        self._closing = threading.Event()
        self._children = []
        self._threads = []
        self._lock = threading.Lock()
        self._users = {}
        self._earlier = frozenset()
        self._mine = set()

    def note_earlier(self):
        """Before Triton begins: who is on the GPU now is not Triton."""
        if shutil.which(self._smi) is None:
            return
        try:
            self._earlier = frozenset(cells[0] for cells in query("compute-apps", ["pid"], self._smi) or [])
        except EnvironmentFaultError:
            return  # ``start`` meets it again, and writes it down

    def start(self):
        """Begin, or return False where there is no nvidia-smi or no GPU."""
        if shutil.which(self._smi) is None:
            return False
        try:
            fields = known_fields(self._smi)
        except EnvironmentFaultError as problem:
            self._append({"schema": SCHEMA, "at": _now(), "error": str(problem)})
            return False
        self._append({"schema": SCHEMA, "at": _now(), "fields": fields})
        self._watch("gpu", list(fields.values()), lambda cells: self._sample(list(fields), cells))
        self._watch("compute-apps", _PROCESS_FIELDS, self._process)
        return True

    def _append(self, document):
        with self._lock, self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(document) + "\n")

    def _watch(self, what, fields, take):
        thread = threading.Thread(target=self._keep_reading, args=(what, fields, take), daemon=True)
        thread.start()
        self._threads.append(thread)

    def _keep_reading(self, what, fields, take):
        command = [*query_command(what, fields, self._smi), "-l", "1"]
        while not self._closing.is_set():
            child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                errors="replace",
                text=True,
            )
            self._children.append(child)
            other = None
            for line in child.stdout:
                cells = line.split(",")
                if len(cells) == len(fields):
                    take(cells)
                else:
                    other = line.strip() or other
            code = child.wait()
            if not self._closing.is_set():
                self._append({"at": _now(), "error": f"nvidia-smi for {what} ended with {code}: {other}"})
                self._closing.wait(_RETRY)

    def _process(self, cells):
        gpu, pid, memory = (_value(cell) for cell in cells)
        self._users[(gpu, pid)] = (time.monotonic(), memory)

    def _sample(self, names, cells):
        sample = {"at": _now(), **{name: _value(cell) for name, cell in zip(names, cells)}}
        oldest = time.monotonic() - _FRESH
        sample["processes"] = [
            {"pid": pid, "memory_mib": memory, "own": self._own(pid)}
            for (gpu, pid), (seen, memory) in sorted(self._users.copy().items(), key=str)
            if gpu == sample.get("gpu") and seen >= oldest
        ]
        self._append(sample)

    def _own(self, pid):
        """Whether a process is Triton's: None where this container cannot tell, as it sees the node's numbers only."""
        if str(pid) in self._earlier:
            return False
        if pid in self._mine:
            return True  # nvidia-smi lists it for a moment after its end, when nobody can tell any more
        own = is_descendant(pid)
        if own:
            self._mine.add(pid)
        return own

    def close(self):
        """End the samplers and wait for them."""
        self._closing.set()
        for child in self._children:
            child.kill()
        for thread in self._threads:
            thread.join(timeout=5)
