"""The dense half as an ONNX file (needs TensorFlow, tf2onnx and onnx).

tf2onnx writes the same graph each time, but numbers the names that it makes up by the order of sets, so two conversions
of one model differ in bytes. Here these names are numbered again in the order of the graph, the constants are sorted by
name, and the open dimension, which tf2onnx calls unk__27 in one place and unk__28 in the next, is called batch.
"""

from __future__ import annotations

import re
import sys

import onnx
import tf2onnx.convert

NAMES = ["args_0", "args_0_1", "top"]  # two inputs, one output: what the graph surgery for TensorRT looks for
_MADE_UP = re.compile(r"__\d+(?=$|:)")


def renumber(model):
    """Give a converted model names and an order that depend on its graph alone (in place)."""
    graph = model.graph
    new = {}

    def rename(name):
        if name and _MADE_UP.search(name) and name not in new:
            new[name] = _MADE_UP.sub(f"__{len(new)}", name)
        return new.get(name, name)

    for node in graph.node:
        node.name = rename(node.name)
        for names in (node.input, node.output):
            names[:] = [rename(name) for name in names]
    for constant in graph.initializer:
        constant.name = rename(constant.name)
    constants = sorted(graph.initializer, key=lambda constant: constant.name)
    del graph.initializer[:]
    graph.initializer.extend(constants)
    graph.doc_string = ""  # tf2onnx writes the path of the folder that it read
    for value in [*graph.input, *graph.output]:
        dimension = value.type.tensor_type.shape.dim[0]
        if dimension.dim_value:
            raise RuntimeError(
                f"{value.name}: the first dimension is fixed at {dimension.dim_value}, wanted an open one"
            )
        dimension.dim_param = "batch"


def convert(saved_model, path, opset):
    """Convert the SavedModel of the dense half with tf2onnx's own command, check and write what came out."""
    arguments = sys.argv
    sys.argv = ["tf2onnx", "--saved-model", str(saved_model), "--output", str(path), "--opset", str(opset)]
    try:
        tf2onnx.convert.main()
    finally:
        sys.argv = arguments
    model = onnx.load(str(path))
    found = [value.name for value in [*model.graph.input, *model.graph.output]]
    if found != NAMES:
        raise RuntimeError(f"{path}: inputs and outputs are {found}, wanted {NAMES}")
    opsets = {entry.domain: entry.version for entry in model.opset_import}
    if opsets.get("") != opset:
        raise RuntimeError(f"{path}: the opset is {opsets}, wanted {opset}")
    renumber(model)
    onnx.checker.check_model(model, full_check=True)
    path.write_bytes(model.SerializeToString(deterministic=True))
