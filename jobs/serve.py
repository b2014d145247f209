"""Serves the variants with Triton: the stage serve, on a cluster and on one machine.

    python3 serve.py --settings settings.json

Refuses artifacts and engines that are not whole or not of these settings, puts the model repository together, starts
tritonserver in the folder of dlrm.json with the HPS libraries preloaded, and stays beside it: its log is passed on,
errors of the parameter server go to hps-errors.ndjson and GPU samples to gpu-samples.ndjson in ``paths.server``.

Ends with SIGTERM or SIGINT: Triton is asked to end and given its exit timeout. Exit codes: 0 ended when asked to, 2 bad
settings, 4 environment; Triton's own when it ends by itself (128 + N for signal N; 1 if that is 0).
"""

from __future__ import annotations

import json
import os
import sys
import threading
from pathlib import Path

import hpsb_stage_settings
import settings
from hpsb_artifacts import check_artifacts
from hpsb_console import PROGRESS_MARK, Stopped, say
from hpsb_engines import identity, must_read_engine, tensorrt_version
from hpsb_files import make_folder
from hpsb_gpu import first_gpu
from hpsb_gpu_samples import GpuSampler
from hpsb_hps_log import HpsErrorFile
from hpsb_libraries import find_plugin
from hpsb_machine import check_machine
from hpsb_processes import signals_held
from hpsb_repository import empty, write_python_backend, write_variant
from hpsb_server import SHARED_MEMORY, Server, remove_left_shared_memory, server_environment, wait_ready
from hpsb_server_state import ServerState, whereabouts
from hpsb_termination import run_stage
from hpsb_triton import Triton

STAGE = "serve"
PROGRAMS = Path(__file__).resolve().parent


def check_models(path, chosen, serve):
    """Check artifacts and engines; returns {precision: (folder, manifest)} of the engines to serve."""
    needed = ["dlrm.json"]
    needed += [file.path for variant in serve.variants for file in variant.files if file.root == "artifacts"]
    artifacts = check_artifacts(chosen, needed)
    precisions = [variant.engine for variant in serve.variants if variant.engine is not None]
    if not precisions:
        return {}
    engines = settings.load(path, paths=("engines",)).paths["engines"]
    wanted = hpsb_stage_settings.load(path, "engines")
    known = identity(artifacts["key"], first_gpu(), tensorrt_version(), wanted)
    return {precision: must_read_engine(engines, precision, known) for precision in precisions}


def assemble(chosen, serve, engines):
    """Write the model repository; returns what tritonserver is told besides the arguments in the settings."""
    repository = chosen.paths["repository"]
    empty(repository)
    roots = {"artifacts": chosen.paths["artifacts"], "programs": PROGRAMS}
    for variant in serve.variants:
        write_variant(repository, variant, roots, engines.get(variant.engine))
    more = []
    if any('backend: "python"' in variant.config for variant in serve.variants):
        more.append(f"--backend-config=python,shm-region-prefix-name={SHARED_MEMORY}{os.getpid()}-")
    if serve.python_backend is not None:
        # Beside the models, below a name that no variant has.
        backends = write_python_backend(repository / ".backends", serve.python_backend)
        more.append(f"--backend-directory={backends}")
    return more


def tell_readiness(serve, ended):
    """Progress lines as the variants become ready; runs in a thread of its own."""
    total = len(serve.variants)

    def tell(done):
        line = {"stage": STAGE, "step": "ready", "done": done, "total": total, "unit": "variants"}
        print(PROGRESS_MARK + json.dumps(line, separators=(",", ":")), flush=True)

    tell(0)
    triton = Triton(serve.http, timeout=5.0)
    try:
        names = [variant.name for variant in serve.variants]
        if not wait_ready(triton, names, ended, serve.ready_seconds, tell) and not ended.is_set():
            say(f"serve: not all variants are ready after {serve.ready_seconds} s")
    finally:
        triton.close()


def run_server(chosen, serve, command, plugins):
    """Start Triton, stay beside it to its end; returns the report for the termination message."""
    state = chosen.paths["server"]
    errors, sampler, ended = HpsErrorFile(state), GpuSampler(state), threading.Event()
    told = whereabouts()
    sampler.note_earlier()
    one_at_a_time = threading.Lock()  # Triton's two streams have a thread each

    def on_line(line):
        with one_at_a_time:
            errors.look_at(line)
            say(line)

    asked = False
    server = note = None
    try:
        with signals_held():
            server = Server(command, server_environment(serve, plugins), chosen.paths["artifacts"], on_line)
        say(f"serve: GPU samples in {sampler.path}" if sampler.start() else "serve: no GPU here, so no samples of it")
        note = ServerState(state, told)
        threading.Thread(target=tell_readiness, args=(serve, ended), daemon=True).start()
        code = server.wait()
    except Stopped:
        asked = True
        code = server.stop(serve.exit_timeout_seconds) if server is not None else 0
    finally:
        ended.set()
        if note is not None:
            note.close()
        sampler.close()
        if server is not None:
            server.clean_up()
        errors.close()
    if asked:
        say(f"serve: Triton was asked to end and ended with {code}")
        return {"reason": f"asked to end; Triton ended with {code}", "exit_code": code}
    how = f"signal {code - 128}" if code > 128 else f"code {code}"
    reason = f"Triton ended by itself with {how}"
    if code == 137:
        reason += " (killed: out of memory, if nobody did it)"
    words = server.last_words()
    print(f"serve: {reason}: {' | '.join(words)}", file=sys.stderr, flush=True)
    return {"reason": reason, "last_words": words, "exit_code": code or 1}


def main(path):
    """The program: settings file to a Triton that serves."""
    chosen = settings.load(path, needs=("hps",), paths=("artifacts", "repository", "server"))
    serve = hpsb_stage_settings.load(path, "serve")
    check_machine(STAGE, path)
    engines = check_models(path, chosen, serve)
    plugins = [find_plugin(name) for name in serve.preload]
    make_folder(chosen.paths["server"])
    remove_left_shared_memory()
    command = [serve.tritonserver, *serve.arguments, *assemble(chosen, serve, engines)]
    say(f"serve: {' '.join(command)}")
    if plugins:
        say(f"serve: preloaded for it: {':'.join(map(str, plugins))}")
    try:
        return run_server(chosen, serve, command, plugins)
    finally:
        remove_left_shared_memory()


if __name__ == "__main__":
    sys.exit(run_stage(STAGE, "Serves the variants with Triton.", main))
