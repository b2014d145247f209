"""Builds one TensorRT engine; started by build_engines.py, once for each precision.

    python3 hpsb_engine.py --settings FILE --precision fp32 --onnx FILE --plugin FILE --engine FILE --report FILE

The plug-in's creator loads the whole table when the graph is parsed, from dlrm.json in the working folder; only the end
of the process gives that memory back. So each engine has a process of its own, and reads its engine back in it.
Exit codes: 0; 1 the graph was refused; 4 the environment would not do.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import resource
import sys
import time
from pathlib import Path

import hpsb_stage_settings
import hpsb_tensorrt
import settings
from hpsb_console import EXIT_ENVIRONMENT, EXIT_FAILED, EnvironmentFaultError, say
from hpsb_surgery import CATEGORICAL, NUMERICAL, shape_of


def load_tensorrt(plugin):
    """Import TensorRT, load the plug-in library so that all see its symbols, and check its creator."""
    try:
        import tensorrt as trt
    except (ImportError, OSError) as problem:
        raise EnvironmentFaultError(f"tensorrt cannot be imported in {sys.executable}: {problem}") from problem
    hpsb_tensorrt.check_version(trt)
    try:
        ctypes.CDLL(str(plugin), mode=ctypes.RTLD_GLOBAL)
    except OSError as problem:
        raise EnvironmentFaultError(f"{plugin} cannot be loaded: {problem}") from problem
    logger = trt.Logger(trt.Logger.WARNING)
    trt.init_libnvinfer_plugins(logger, "")
    hpsb_tensorrt.check_plugin(trt, plugin)
    return trt, logger


def check_tensors(tensors, shape, profile):
    """Whether an engine's inputs, output and profile are those asked for. Raises RuntimeError with both."""
    widths = {CATEGORICAL: ("INT32", shape.slots), NUMERICAL: ("FLOAT", shape.dense_features)}
    wanted = [
        {
            "name": name,
            "mode": "input",
            "dtype": dtype,
            "shape": [-1, width],
            "profile": {key: [getattr(profile, key), width] for key in ("min", "opt", "max")},
        }
        for name, (dtype, width) in widths.items()
    ]
    outputs = [tensor for tensor in tensors if tensor["mode"] == "output"]
    inputs = sorted((tensor for tensor in tensors if tensor["mode"] == "input"), key=lambda tensor: tensor["name"])
    if inputs != wanted:
        raise RuntimeError(f"the engine's inputs are {inputs}, wanted {wanted}")
    if len(outputs) != 1 or outputs[0]["dtype"] != "FLOAT" or outputs[0]["shape"] != [-1, 1]:
        raise RuntimeError(f"the engine's outputs are {outputs}, wanted one of FLOAT [-1, 1]")


def main(arguments):
    """Build, write, read back from what was written, report last."""
    model = settings.load(arguments.settings).model
    wanted = hpsb_stage_settings.load(arguments.settings, "engines")
    shape = shape_of(model)
    started = time.monotonic()
    trt, logger = load_tensorrt(arguments.plugin)
    request = {
        "precision": arguments.precision,
        "profile": wanted.profile,
        "workspace_bytes": wanted.workspace_bytes,
        "samples": {CATEGORICAL: shape.slots, NUMERICAL: shape.dense_features},
    }
    plan = hpsb_tensorrt.build(trt, logger, arguments.onnx.read_bytes(), request, say)
    built = time.monotonic()
    arguments.engine.write_bytes(plan)
    tensors = hpsb_tensorrt.read_back(trt, logger, arguments.engine.read_bytes())
    check_tensors(tensors, shape, wanted.profile)
    report = {
        "tensors": tensors,
        "tensorrt": trt.__version__,
        "seconds": {"build": round(built - started, 3), "read_back": round(time.monotonic() - built, 3)},
        "peak_rss_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }
    arguments.report.write_text(json.dumps(report), encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Builds one TensorRT engine; started by build_engines.py.")
    for option in ("--settings", "--onnx", "--plugin", "--engine", "--report"):
        parser.add_argument(option, type=Path, required=True)
    parser.add_argument("--precision", choices=hpsb_stage_settings.PRECISIONS, required=True)
    try:
        main(parser.parse_args())
        sys.stdout.flush()
        os._exit(0)  # all is written; the libraries' own taking down of GPU and threads may not undo that
    except EnvironmentFaultError as problem:
        print(f"hpsb_engine: {problem}", file=sys.stderr, flush=True)
        sys.exit(EXIT_ENVIRONMENT)
    except RuntimeError as problem:
        print(f"hpsb_engine: {problem}", file=sys.stderr, flush=True)
        sys.exit(EXIT_FAILED)
