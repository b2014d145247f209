"""What neither perf_analyzer nor Triton says of a measurement: who served, was it held back, was the GPU alone."""

from __future__ import annotations

from hpsb_cgroup import read_cpu_stat, throttling
from hpsb_gpu_window import GpuWindow
from hpsb_server_state import read_server_state
from hpsb_validity import figures_of


class Witness:
    """Looks before and after each measurement.

    folder: where serve.py notes what it sees. limits: of hpsb_validity's figures. earlier: evidence of the run so far.
    Made when every variant has answered and nothing is measured yet.
    """

    def __init__(self, folder, limits, earlier=()):
        self._folder, self._limits = folder, limits
        self._gpu = GpuWindow(folder)
        self._clocks = {}
        self._before = None
        for evidence in earlier:
            self._remember_clocks(evidence.get("gpus"))

    def begin(self):
        """Right before perf_analyzer is started."""
        self._before = (read_server_state(self._folder), read_cpu_stat(), self._gpu.begin())

    def end(self, started, ended):
        """Right after it has ended, between these ISO times; returns fields of evidence."""
        server, client, mark = self._before
        now = read_server_state(self._folder)
        gpus = self._gpu.since(mark, started, ended)
        self._remember_clocks(gpus)
        return {
            "gpus": gpus,
            "cpu_throttling": {
                "client": throttling(client, read_cpu_stat()),
                "server": _of_server(server, now),
            },
            "server": _start(server, now),
        }

    def judge(self, evidence):
        """The evidence with the figures it is judged by and their limits."""
        return {**evidence, "figures": figures_of(evidence, self._clocks), "limits": self._limits}

    def identity(self):
        """Node, pod, image and GPU of Triton."""
        state = read_server_state(self._folder)
        return {} if state is None else dict(state["identity"])

    def _remember_clocks(self, gpus):
        for gpu in gpus or []:
            if gpu["sm_clock_mhz"] is not None:
                known = self._clocks.get(gpu["uuid"], 0)
                self._clocks[gpu["uuid"]] = max(known, gpu["sm_clock_mhz"]["median"])


def _of_server(before, after):
    """Readings of two starts are not of one container, and cannot be held against each other."""
    if before is None or after is None or before["start_id"] != after["start_id"]:
        return None
    return throttling(before["cpu"], after["cpu"])


def _start(before, after):
    if before is None or after is None:
        return None
    return {
        "start_id": before["start_id"],
        "started_at": before["started_at"],
        "restarted": before["start_id"] != after["start_id"],
    }
