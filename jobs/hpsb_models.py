"""Saves the models: the part of create_models that needs TensorFlow, run by it as a child process.

    python3 hpsb_models.py --settings FILE --native DIR --dense DIR --onnx FILE [--hps DIR] --report FILE

All paths are temporary names; the parent renames them. It works while the parent writes the table, which it never
holds: the models are saved with a stand-in, and the line that the parent sends when the table is whole says where it is
and what its CRC is: ``{"table": PATH, "crc32c": NUMBER}``. Standard input is a pipe from the parent: its end means that
the parent is gone, and this process ends at once.

Where the scores would hide an error the report says so, and nothing is saved. Exit codes: 0; 4 where a library cannot
be loaded (its words are the last line of stderr); 1 otherwise.
"""

from __future__ import annotations

import argparse
import json
import os
import queue
import sys
import threading
import time
from pathlib import Path

from hpsb_console import EXIT_ENVIRONMENT, EnvironmentFaultError, Progress

SAMPLE_ROWS = 256
SATURATED = 1e-3
NO_SPREAD = 1e-6


def _lines_of_parent():
    """A queue of what the parent sends; this process ends with it."""
    lines = queue.Queue()

    def read():
        # Not by sys.stdin: a thread that waits inside it breaks the end of the interpreter.
        rest = b""
        while True:
            piece = os.read(0, 4096)
            if not piece:
                os._exit(143)
            *whole, rest = (rest + piece).split(b"\n")
            for line in whole:
                lines.put(json.loads(line))

    threading.Thread(target=read, daemon=True).start()
    return lines


def quiet_environment():
    """What keeps TensorFlow's own lines away; to be set before it is imported."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")


def drop_fingerprint(saved_model):
    """Remove fingerprint.pb (TensorFlow 2.12 and later): a random id and checksums of the file before it was edited."""
    (saved_model / "fingerprint.pb").unlink(missing_ok=True)


def save_native(dlrm, model, stand_in, path):
    """Save the whole model, with the device of its table, and a checkpoint that lacks the table's bytes."""
    import tensorflow as tf
    from hpsb_saved_model import pin_and_size_the_table

    policy = tf.saved_model.experimental.VariablePolicy.SAVE_VARIABLE_DEVICES
    options = tf.saved_model.SaveOptions(experimental_variable_policy=policy)
    dlrm.save(str(path), save_format="tf", options=options)
    pin_and_size_the_table(path, stand_in, model.rows)
    drop_fingerprint(path)


def score_statistics(dense_half, model):
    """Scores of a seeded batch: do they spread, and do the keys alone move them?"""
    import numpy as np
    from hpsb_seeded import rows_of_keys, sample_batch

    table = model.table
    keys, dense = sample_batch(model.seed, model.offsets, model.cardinalities, model.dense_features, SAMPLE_ROWS)
    embedding = rows_of_keys(model.seed, keys, model.embedding_width, table.low, table.high)
    scores = np.asarray(dense_half([embedding, dense]))
    by_keys = np.asarray(dense_half([embedding, np.repeat(dense[:1], SAMPLE_ROWS, axis=0)]))
    return {
        "samples": SAMPLE_ROWS,
        "min": float(scores.min()),
        "max": float(scores.max()),
        "std": float(scores.std(dtype=np.float64)),
        "std_by_keys_alone": float(by_keys.std(dtype=np.float64)),
    }


def score_warning(statistics):
    """What is doubtful about these scores, or None: the published range of 0 to 1 is made, but shows few errors."""
    low, high = statistics["min"], statistics["max"]
    if high < SATURATED or low > 1 - SATURATED:
        return f"all scores lie within {SATURATED} of 0 or 1 ({low:.9g} to {high:.9g}): a comparison would show little"
    return None


def score_complaint(statistics, rows, slots):
    """Why these scores would hide any error, or None. Keys cannot move them where each slot has one row."""
    low, high, spread = statistics["min"], statistics["max"], statistics["std"]
    if not low <= high:  # NaN compares false
        return "scores are not numbers"
    if spread < NO_SPREAD:
        return f"scores do not spread (standard deviation {spread:.3g}, wanted at least {NO_SPREAD})"
    if rows > slots and statistics["std_by_keys_alone"] < NO_SPREAD:
        return f"the keys do not move the scores (standard deviation {statistics['std_by_keys_alone']:.3g})"
    return None


def main(arguments, parent):
    """Build, score, save, convert, attach the table; write the report (statistics, seconds) last."""
    import settings

    chosen = settings.load(arguments.settings, needs=("hps",))
    model = chosen.model
    seconds = {}
    clock = time.monotonic()
    progress = Progress("create-models", "saved-models", 5, "steps")

    def lap(name):
        nonlocal clock
        now = time.monotonic()
        seconds[name] = round(now - clock, 3)
        clock = now
        if len(seconds) <= 5:
            progress.at(len(seconds))

    def report(**more):
        arguments.report.write_text(json.dumps({"seconds": seconds, **more}), encoding="utf-8")

    quiet_environment()
    import tensorflow as tf

    tf.get_logger().setLevel("ERROR")
    for gpu in tf.config.list_physical_devices("GPU"):
        tf.config.experimental.set_memory_growth(gpu, True)
    import hpsb_dlrm
    import hpsb_saved_model

    stand_in = hpsb_saved_model.stand_in_rows(model)
    lap("import_tensorflow")
    dlrm, dense_half = hpsb_dlrm.build(model, stand_in)
    statistics = score_statistics(dense_half, model)
    complaint = score_complaint(statistics, model.rows, len(model.cardinalities))
    lap("build")
    if complaint:
        return report(complaint=complaint)
    save_native(dlrm, model, stand_in, arguments.native)
    lap("save_native")
    dense_half.save(str(arguments.dense), save_format="tf")
    drop_fingerprint(arguments.dense)
    if arguments.hps:
        import hpsb_hps_model

        hpsb_hps_model.save_hps(model, chosen.hps, dense_half, dlrm.symbolic_inputs(), arguments.hps)
        drop_fingerprint(arguments.hps)
    lap("save_others")
    import hpsb_onnx

    hpsb_onnx.convert(arguments.dense, arguments.onnx, model.opset)
    lap("convert_onnx")
    told = parent.get()
    lap("wait_for_table")
    linked = hpsb_saved_model.attach_table(
        arguments.native, told["table"], model.rows, model.embedding_width, told["crc32c"]
    )
    lap("attach_table")
    return report(complaint=None, scores=statistics, warning=score_warning(statistics), linked=linked)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Saves the models; started by create_models.py.")
    for option in ("--settings", "--native", "--dense", "--onnx", "--report"):
        parser.add_argument(option, type=Path, required=True)
    parser.add_argument("--hps", type=Path)
    try:
        main(parser.parse_args(), _lines_of_parent())
    except EnvironmentFaultError as fault:
        print(" ".join(str(fault).split()), file=sys.stderr)  # one line, which the parent says
        sys.exit(EXIT_ENVIRONMENT)
