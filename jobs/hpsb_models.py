"""Saves the models: the part of create_models that needs TensorFlow, run by it as a child process.

    python3 hpsb_models.py --settings FILE --table EMB_VECTOR --native DIR --dense DIR --onnx FILE --report FILE

All paths are temporary names; the parent renames them. The table is mapped, handed to TensorFlow by DLPack and never
copied, so anonymous memory does not grow with it. Standard input is a pipe from the parent: its end means that the
parent is gone, and this process ends at once.

Models that need the HPS library get their own module beside this one: what they take from here is the dense half.
"""

from __future__ import annotations

import argparse
import json
import os
import threading
import time
from pathlib import Path

SAMPLE_ROWS = 1024
SATURATED = 1e-3
NO_SPREAD = 1e-6


def _end_with_parent():
    def wait():
        while os.read(0, 4096):
            pass
        os._exit(143)

    threading.Thread(target=wait, daemon=True).start()


def quiet_environment():
    """What keeps TensorFlow's own lines away; to be set before it is imported."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")


def map_table(path, rows, width):
    """The table file as a float32 tensor in host memory, mapped copy-on-write: reading it takes no anonymous memory."""
    import numpy as np
    import tensorflow as tf

    mapped = np.memmap(path, dtype="<f4", mode="c", shape=(rows, width))
    with tf.device("/CPU:0"):
        return tf.experimental.dlpack.from_dlpack(mapped.__dlpack__())


def pin_only_the_table(saved_model):
    """Keep the saved CPU device of the table and clear all others.

    SAVE_VARIABLE_DEVICES writes down the device of every variable of the machine that builds. Built without a GPU,
    that would tie the dense layers to the CPU of the machine that serves. Cleared, they go where the server puts them,
    and the same bytes come out with and without a GPU.
    """
    from tensorflow.core.protobuf import saved_model_pb2

    path = saved_model / "saved_model.pb"
    proto = saved_model_pb2.SavedModel()
    proto.ParseFromString(path.read_bytes())
    pinned = []
    for graph in proto.meta_graphs:
        functions = [node for function in graph.graph_def.library.function for node in function.node_def]
        for node in [*graph.graph_def.node, *functions]:
            # Looking up an absent attribute of a message map would add an empty one, which breaks the graph.
            named = node.attr["shared_name"].s if "shared_name" in node.attr else b""
            if node.op == "VarHandleOp" and b"cpu_embedding" in named:
                pinned.append(node.device)
            else:
                node.device = ""
        for saved in graph.object_graph_def.nodes:
            if saved.HasField("variable") and saved.variable.name != "cpu_embedding":
                saved.variable.device = ""
    if not pinned or not all("CPU:0" in device for device in pinned):
        raise RuntimeError(f"{path}: the table must be pinned to the CPU, found devices {pinned}")
    path.write_bytes(proto.SerializeToString(deterministic=True))


def drop_fingerprint(saved_model):
    """Remove fingerprint.pb (TensorFlow 2.12 and later): a random id and checksums of the file before it was edited."""
    (saved_model / "fingerprint.pb").unlink(missing_ok=True)


def save_native(dlrm, path):
    """Save the whole model, with the device of its table."""
    import tensorflow as tf

    policy = tf.saved_model.experimental.VariablePolicy.SAVE_VARIABLE_DEVICES
    options = tf.saved_model.SaveOptions(experimental_variable_policy=policy)
    dlrm.save(str(path), save_format="tf", options=options)
    pin_only_the_table(path)
    drop_fingerprint(path)


def score_statistics(dlrm, model):
    """Scores of a seeded batch: do they spread, and do the keys alone move them?"""
    import numpy as np
    from hpsb_seeded import sample_batch

    keys, dense = sample_batch(model.seed, model.offsets, model.cardinalities, model.dense_features, SAMPLE_ROWS)
    scores = np.asarray(dlrm({"categorical_features": keys, "numerical_features": dense}))
    same_dense = np.repeat(dense[:1], SAMPLE_ROWS, axis=0)
    by_keys = np.asarray(dlrm({"categorical_features": keys, "numerical_features": same_dense}))
    return {
        "samples": SAMPLE_ROWS,
        "min": float(scores.min()),
        "max": float(scores.max()),
        "std": float(scores.std(dtype=np.float64)),
        "std_by_keys_alone": float(by_keys.std(dtype=np.float64)),
    }


def score_complaint(statistics, rows, slots):
    """Why these scores would hide an error, or None. Keys cannot move them where each slot has one row."""
    low, high, spread = statistics["min"], statistics["max"], statistics["std"]
    if not low <= high:  # NaN compares false
        return "scores are not numbers"
    if high < SATURATED or low > 1 - SATURATED:
        return f"all scores lie within {SATURATED} of 0 or 1 ({low:.9g} to {high:.9g})"
    if spread < NO_SPREAD:
        return f"scores do not spread (standard deviation {spread:.3g}, wanted at least {NO_SPREAD})"
    if rows > slots and statistics["std_by_keys_alone"] < NO_SPREAD:
        return f"the keys do not move the scores (standard deviation {statistics['std_by_keys_alone']:.3g})"
    return None


def _tell(text):
    print(text, flush=True)


def main(arguments):
    """Build, save, convert, score; write the report (versions, statistics, seconds) last."""
    import settings

    model = settings.load(arguments.settings).model
    seconds = {}
    clock = time.monotonic()

    def lap(name):
        nonlocal clock
        now = time.monotonic()
        seconds[name] = round(now - clock, 3)
        clock = now

    quiet_environment()
    import tensorflow as tf

    tf.get_logger().setLevel("ERROR")
    for gpu in tf.config.list_physical_devices("GPU"):
        tf.config.experimental.set_memory_growth(gpu, True)
    import hpsb_dlrm

    lap("import_tensorflow")
    dlrm, dense_half = hpsb_dlrm.build(model, map_table(arguments.table, model.rows, model.embedding_width))
    statistics = score_statistics(dlrm, model)
    lap("build")
    _tell("native TensorFlow model: saving")
    save_native(dlrm, arguments.native)
    lap("save_native")
    dense_half.save(str(arguments.dense), save_format="tf")
    drop_fingerprint(arguments.dense)
    lap("save_dense")
    _tell("dense half: converting to ONNX")
    import hpsb_onnx

    hpsb_onnx.convert(arguments.dense, arguments.onnx, model.opset)
    lap("convert_onnx")
    report = {
        "scores": statistics,
        "complaint": score_complaint(statistics, model.rows, len(model.cardinalities)),
        "seconds": seconds,
    }
    arguments.report.write_text(json.dumps(report), encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Saves the models; started by create_models.py.")
    for option in ("--settings", "--table", "--native", "--dense", "--onnx", "--report"):
        parser.add_argument(option, type=Path, required=True)
    chosen = parser.parse_args()
    _end_with_parent()
    main(chosen)
