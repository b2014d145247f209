"""Builds the TensorRT engines with their parameter server lookup: the stage build-engines.

    python3 build_engines.py --settings settings.json

Takes dlrm_dense.onnx of the artifacts, puts the HPS_TRT lookup in front of it, and builds an fp32 and an fp16 engine,
each in a process of its own (hpsb_engine.py). Where they lie and what they depend on: hpsb_engines.py. An engine that
is there, whole and for this GPU, TensorRT, image and artifacts, is used again; every other is built, its manifest
written last.

Needs a GPU, TensorRT, the HPS plug-in, onnx and onnx_graphsurgeon, as in NVIDIA's images.
"""

from __future__ import annotations

import collections
import json
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import create_models
import hpsb_stage_settings
import settings
from hpsb_artifacts import check_artifacts
from hpsb_console import EXIT_ENVIRONMENT, EnvironmentFaultError, Progress, say
from hpsb_engines import (
    GRAPH,
    SCHEMA,
    engine_name,
    folder_name,
    identity,
    manifest_name,
    output_of,
    read_engine,
    tensorrt_version,
)
from hpsb_files import building_name, check_disk, folder_lock, make_folder, publish, remove, sha256_file, write_whole
from hpsb_gpu import first_gpu
from hpsb_hps_log import is_hps_error
from hpsb_libraries import find_plugin
from hpsb_machine import check_machine
from hpsb_processes import die_with_parent, signals_held
from hpsb_termination import run_stage

STAGE = "build-engines"
_HEARTBEAT = 15.0  # seconds between signs of life; TensorRT 8 tells nothing while it builds
_OVERHEAD = 32 << 20  # an engine's plan besides its weights, and the graph


def bytes_needed(model, precisions):
    """Disk that graph and engines take: the dense weights once in the graph and once in each engine, and overhead."""
    return (1 + len(precisions)) * (4 * create_models.dense_parameters(model) + _OVERHEAD)


class EngineChild:
    """hpsb_engine.py at work: its lines are passed on and looked at, its end is waited for."""

    def __init__(self, command, folder):
        self.tail = collections.deque(maxlen=30)
        self.hps_errors = []
        # The working folder is the artifacts' one: dlrm.json and the table are found by relative paths.
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            preexec_fn=die_with_parent,  # noqa: PLW1509 - no other thread runs yet
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self._process.stdout:
            self.tail.append(line.rstrip())
            if is_hps_error(line):
                self.hps_errors.append(line.rstrip())
            say(line.rstrip())

    def wait(self, precision):
        """Its exit status; says now and then that it is still at work."""
        started = time.monotonic()
        while True:
            try:
                status = self._process.wait(timeout=_HEARTBEAT)
                break
            except subprocess.TimeoutExpired:
                say(f"{precision} engine: at work for {time.monotonic() - started:.0f} s")
        self._reader.join(timeout=5)
        return status

    def end(self):
        """Kill it, if it is still there."""
        self._process.kill()
        self._process.wait()


def _failure(precision, status, child):
    last = " | ".join(list(child.tail)[-3:])
    if status == -signal.SIGKILL:
        return EnvironmentFaultError(
            f"the process that built the {precision} engine was killed: out of host memory, most likely; raise the"
            f" pod's memory limit; its last lines: {last}"
        )
    text = f"the {precision} engine was not built (exit {status}): {last}"
    return EnvironmentFaultError(text) if status == EXIT_ENVIRONMENT else RuntimeError(text)


def build_engine(folder, precision, settings_path, artifacts, plugin):
    """Build one engine in a child, publish it; returns the child's report. Nothing is left of one that failed."""
    building, report_path = (
        building_name(folder / engine_name(precision)),
        building_name(folder / f"{precision}.report"),
    )
    command = [sys.executable, str(Path(__file__).resolve().with_name("hpsb_engine.py"))]
    command += ["--settings", str(Path(settings_path).resolve()), "--precision", precision]
    command += ["--onnx", str(folder / GRAPH), "--plugin", str(plugin)]
    command += ["--engine", str(building), "--report", str(report_path)]
    child = None
    try:
        with signals_held():
            child = EngineChild(command, artifacts)
        status = child.wait(precision)
        if status != 0:
            raise _failure(precision, status, child)
        if child.hps_errors:
            raise EnvironmentFaultError(
                f"the parameter server logged {len(child.hps_errors)} errors while the {precision} engine was built,"
                f" the first: {child.hps_errors[0]}"
            )
        report = json.loads(report_path.read_text(encoding="utf-8"))
        publish(building, folder / engine_name(precision))
        return report
    finally:
        if child is not None:
            child.end()
        remove(building)
        remove(report_path)


def make_graph(folder, artifacts, shape):
    """Operate on the dense half and publish the graph; returns its facts."""
    try:
        import hpsb_surgery
        import onnx_graphsurgeon  # noqa: F401 - told apart from a fault of the surgery
    except ImportError as problem:
        raise EnvironmentFaultError(
            f"{problem.name} cannot be imported by {sys.executable}; it is in NVIDIA's images, or: pip install"
            " onnx onnx-graphsurgeon"
        ) from problem
    building = building_name(folder / GRAPH)
    try:
        facts = hpsb_surgery.operate_file(artifacts / create_models.ONNX, building, hpsb_surgery.shape_of(shape))
        publish(building, folder / GRAPH)
    finally:
        remove(building)
    return {**facts, "sha256": sha256_file(folder / GRAPH)}


def build_missing(folder, missing, known, settings_path, chosen, gpu):
    """Make the graph and the engines that are missing."""
    artifacts, total = chosen.paths["artifacts"], len(missing)
    plugin = find_plugin("hps_trt")
    for precision in missing:  # the manifest first: without it the rest counts for nothing
        remove(folder / manifest_name(precision))
    graph = make_graph(folder, artifacts, chosen.model)
    say(f"graph: {graph['nodes']} nodes, opset {graph['opset']}, output {graph['output']}")
    progress = Progress(STAGE, "engines", total, "engines")
    for done, precision in enumerate(missing, start=1):
        report = build_engine(folder, precision, settings_path, artifacts, plugin)
        path = folder / engine_name(precision)
        manifest = {
            "schema": SCHEMA,
            "precision": precision,
            "identity": known,
            "engine": {"name": path.name, "bytes": path.stat().st_size, "sha256": sha256_file(path)},
            "tensors": report["tensors"],
            "graph": graph,
            "gpu": gpu.as_json(),
            "plugin": {"path": str(plugin), "sha256": sha256_file(plugin)},
            "seconds": report["seconds"],
            "peak_rss_bytes": report["peak_rss_bytes"],
        }
        write_whole(folder / manifest_name(precision), json.dumps(manifest, indent=2) + "\n")
        progress.at(done)
        seconds = report["seconds"]["build"]
        say(f"{precision} engine: {manifest['engine']['bytes']} bytes in {seconds} s, output {output_of(manifest)}")


def missing_of(folder, wanted, known):
    """Precisions of which no whole engine of this identity is there."""
    return [precision for precision in wanted.precisions if read_engine(folder, precision, known) is None]


@contextmanager
def engines_lock(path, folder, complete):
    """The folder for this process. In a fleet many want it at once: one builds, the others find it done."""
    patience = hpsb_stage_settings.load(path, "fleet").lock_seconds if hpsb_stage_settings.has(path, "fleet") else None
    if patience is not None and complete():
        yield
        return
    if patience is not None:
        say(f"waits up to {patience} s for {folder}, if another builds there")
    with folder_lock(folder) if patience is None else folder_lock(folder, patience):
        yield


def main(path):
    """The program: settings file to engines, each with its manifest."""
    chosen = settings.load(path, needs=("hps",), paths=("artifacts", "engines"))
    wanted = hpsb_stage_settings.load(path, "engines")
    check_machine(STAGE, path)
    needed = [create_models.ONNX, create_models.SERVER_JSON, create_models.TABLE_FOLDER]
    artifacts = check_artifacts(chosen, needed)
    gpu = first_gpu()
    known = identity(artifacts["key"], gpu, tensorrt_version(), wanted)
    folder = chosen.paths["engines"] / folder_name(known)
    make_folder(folder)
    with engines_lock(path, folder, lambda: not missing_of(folder, wanted, known)):
        missing = missing_of(folder, wanted, known)
        if missing:
            check_disk(folder, bytes_needed(chosen.model, missing), 0, f"building {len(missing)} engines")
            build_missing(folder, missing, known, path, chosen, gpu)
        reused = [precision for precision in wanted.precisions if precision not in missing]
        say(f"built: {', '.join(missing) or 'none'}; reused: {', '.join(reused) or 'none'}; in {folder}")
    return {"folder": folder.name, "built": missing, "reused": reused}


if __name__ == "__main__":
    sys.exit(run_stage(STAGE, "Builds the TensorRT engines of the benchmark.", main))
