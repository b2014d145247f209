"""native_tf on Triton's python backend: the SavedModel as it is, scored by TensorFlow, table and layers on the CPU.

Parameters in config.pbtxt: ``artifacts`` (folder made by create_models.py), ``threads`` (threads of one operation).
Inputs categorical_features INT32 (N, 26) and numerical_features FP32 (N, 13), output output_1 FP32 (N, 1). Each request
is scored alone. This file stands alone: it is copied into the model repository without its neighbours.
"""

import json
import os
from pathlib import Path

import numpy as np
import triton_python_backend_utils as pb_utils


def _read_parameters(args):
    given = json.loads(args["model_config"]).get("parameters", {})
    values = {name: given[name]["string_value"] for name in ("artifacts", "threads") if name in given}
    if len(values) != 2 or not values["threads"].isdigit() or int(values["threads"]) < 1:
        raise pb_utils.TritonModelException(
            f"config.pbtxt: parameters are {values}; wanted artifacts (a folder) and threads (a whole number from 1)"
        )
    return Path(values["artifacts"]), int(values["threads"])


def _read_manifest(artifacts):
    """The manifest, written last, of artifacts that are still as long as it says."""
    try:
        manifest = json.loads((artifacts / "manifest.json").read_text(encoding="utf-8"))
        found = {name: (artifacts / name).stat().st_size for name in manifest["files"]}
    except (OSError, ValueError) as problem:
        raise pb_utils.TritonModelException(
            f"{artifacts}: no whole manifest.json, or not all that it lists; make the models first: {problem}"
        ) from problem
    for name, size in found.items():
        if size != manifest["files"][name]["bytes"]:
            raise pb_utils.TritonModelException(
                f"{artifacts / name} has {size} bytes, its manifest says {manifest['files'][name]['bytes']}:"
                " make the models again"
            )
    return manifest


class SlotRanges:
    """The keys that each slot allows: those of other slots or outside the table would give a wrong score."""

    def __init__(self, model):
        self.offsets = np.asarray(model["offsets"], np.int64)
        self.cardinalities = np.asarray(model["cardinalities"], np.int64)
        self._low = self.offsets.astype(np.uint32)
        self._rows = self.cardinalities.astype(np.uint32)

    def complaint(self, keys, dense):
        """What is wrong with a request, or None. Keys below a slot wrap around to large unsigned numbers."""
        if len(keys) != len(dense):
            return f"categorical_features has {len(keys)} samples, numerical_features {len(dense)}; they must agree"
        outside = keys.view(np.uint32) - self._low >= self._rows
        if not outside.any():
            return None
        sample, slot = (int(index) for index in np.argwhere(outside)[0])
        low = int(self.offsets[slot])
        return (
            f"categorical_features: slot {slot} of sample {sample} has the key {int(keys[sample, slot])};"
            f" allowed: {low} to {low + int(self.cardinalities[slot]) - 1}"
        )


class TritonPythonModel:
    """What the python backend calls."""

    def initialize(self, args):
        """Load the SavedModel and score one sample, so that the first request finds everything traced."""
        artifacts, threads = _read_parameters(args)
        manifest = _read_manifest(artifacts)
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
        import tensorflow as tf

        tf.get_logger().setLevel("ERROR")
        tf.config.threading.set_intra_op_parallelism_threads(threads)
        self.ranges = SlotRanges(manifest["model"])
        self.constant = tf.constant
        # The signature does not keep the model alive, so the model is kept too.
        self.model = tf.saved_model.load(str(artifacts / "native_tf" / "model.savedmodel"))
        self.signature = self.model.signatures["serving_default"]
        first = self.ranges.offsets.astype(np.int32).reshape(1, -1)
        self.score(first, np.zeros((1, manifest["model"]["dense_features"]), np.float32))

    def score(self, keys, dense):
        """Keys int32 (N, slots) and dense values float32 (N, features) to scores float32 (N, 1)."""
        outputs = self.signature(categorical_features=self.constant(keys), numerical_features=self.constant(dense))
        return outputs["output_1"].numpy()

    def answer(self, request):
        """The response to one request."""
        keys = pb_utils.get_input_tensor_by_name(request, "categorical_features").as_numpy()
        dense = pb_utils.get_input_tensor_by_name(request, "numerical_features").as_numpy()
        complaint = self.ranges.complaint(keys, dense)
        if complaint:
            return pb_utils.InferenceResponse(output_tensors=[], error=pb_utils.TritonError(complaint))
        return pb_utils.InferenceResponse(output_tensors=[pb_utils.Tensor("output_1", self.score(keys, dense))])

    def execute(self, requests):
        """One response per request, in order."""
        return [self.answer(request) for request in requests]

    def finalize(self):
        """Let the model go."""
        self.signature = self.model = None
