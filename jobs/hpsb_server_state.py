"""Who serves, and how it is held back: server.json in ``paths.server``, renewed each second by serve.py for measure.py.

{"schema", "start_id", "started_at", "at", "cpu", "identity"}: ``start_id`` tells one start of Triton from the next,
``cpu`` is hpsb_cgroup's reading of Triton's container, ``identity`` is where it runs.
"""

from __future__ import annotations

import json
import os
import threading
import uuid
from datetime import datetime, timezone

from hpsb_cgroup import read_cpu_stat
from hpsb_console import EnvironmentFaultError
from hpsb_gpu import NVIDIA_SMI, first_gpu

FILE_NAME = "server.json"
SCHEMA = "hps-bench/server/1"
EVERY_S = 1.0
# Set by the charts from the pod's own fields.
_VARIABLES = {"node": "HPS_BENCH_NODE", "pod": "HPS_BENCH_POD", "image": "HPS_BENCH_IMAGE"}


def _now():
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds")


def whereabouts(nvidia_smi=NVIDIA_SMI, environment=None):
    """Node, pod, image and GPU of this container; what is not known is None."""
    environment = os.environ if environment is None else environment
    found = {name: environment.get(variable) or None for name, variable in _VARIABLES.items()}
    try:
        gpu = first_gpu(nvidia_smi)
    except EnvironmentFaultError:
        return {**found, "gpu_product": None, "gpu_uuid": None, "gpu_driver": None}
    return {**found, "gpu_product": gpu.product, "gpu_uuid": gpu.uuid, "gpu_driver": gpu.driver}


class ServerState:
    """Keeps server.json of one start of Triton."""

    def __init__(self, folder, who):
        self.path = folder / FILE_NAME
        self._fixed = {"schema": SCHEMA, "start_id": uuid.uuid4().hex[:12], "started_at": _now(), "identity": who}
        self._closing = threading.Event()
        self._write()
        self._thread = threading.Thread(target=self._keep_writing, daemon=True)
        self._thread.start()

    def _keep_writing(self):
        while not self._closing.wait(EVERY_S):
            self._write()

    def _write(self):
        temporary = self.path.with_name(f".{FILE_NAME}.tmp")
        try:
            temporary.write_text(
                json.dumps({**self._fixed, "at": _now(), "cpu": read_cpu_stat()}) + "\n", encoding="utf-8"
            )
            temporary.replace(self.path)
        except OSError as problem:
            print(f"serve: {self.path} cannot be written: {problem.strerror}", flush=True)

    def close(self):
        """Stop; the file stays."""
        self._closing.set()
        self._thread.join(timeout=5)


def read_server_state(folder):
    """The document, or None where no serve.py of this release serves."""
    try:
        document = json.loads((folder / FILE_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return document if isinstance(document, dict) and document.get("schema") == SCHEMA else None
