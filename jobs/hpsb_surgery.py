"""From the dense half to the graph that TensorRT builds: the embedding input becomes a parameter server lookup.

Before: args_0 (batch, 26, width) float32, args_0_1 (batch, 13) float32. After: categorical_features (batch, 26) int32,
looked up by one HPS_TRT node, and numerical_features. The graph is found by its input tensors, not by node names, which
differ between versions of tf2onnx. Needs onnx; ``operate`` needs onnx_graphsurgeon too.
"""

from __future__ import annotations

from dataclasses import dataclass

import onnx

EMBEDDING, DENSE = "args_0", "args_0_1"
CATEGORICAL, NUMERICAL = "categorical_features", "numerical_features"
LOOKUP = "HPS_TRT"
SERVER_JSON = "dlrm.json"  # relative on purpose: the engine carries it, and it is read from the working folder
NUL = "\0"  # text fields of the plug-in are CHAR arrays that it reads up to a NUL


class SurgeryError(RuntimeError):
    """The graph is not what it must be before or after the surgery."""


@dataclass(frozen=True)
class Shape:
    """What the model's settings say about the graph."""

    model: str
    slots: int
    width: int
    dense_features: int


def shape_of(model):
    """The shape from the settings' model."""
    return Shape(model.name, len(model.cardinalities), model.embedding_width, model.dense_features)


def _dimensions(value):
    """Dimensions of a graph's input or output; None where open."""
    return [d.dim_value if d.HasField("dim_value") else None for d in value.type.tensor_type.shape.dim]


def _tensor(value):
    """(element type, dimensions) of a graph's input or output."""
    return onnx.TensorProto.DataType.Name(value.type.tensor_type.elem_type), _dimensions(value)


def _compare(where, found, wanted):
    if found != wanted:
        raise SurgeryError(f"{where}: found {found}, wanted {wanted}")


def check_before(model, shape):
    """Whether the dense half has the two inputs that the surgery looks for. Raises SurgeryError."""
    inputs = {value.name: _tensor(value) for value in model.graph.input}
    wanted = {
        EMBEDDING: ("FLOAT", [None, shape.slots, shape.width]),
        DENSE: ("FLOAT", [None, shape.dense_features]),
    }
    _compare("inputs of the dense half", inputs, wanted)


def operate(model, shape):
    """The ONNX model after the surgery; the given one is left as it is."""
    import onnx_graphsurgeon as surgeon

    check_before(model, shape)
    graph = surgeon.import_onnx(model)
    inputs = {tensor.name: tensor for tensor in graph.inputs}
    embedding, dense = inputs[EMBEDDING], inputs[DENSE]
    batch = dense.shape[0]
    keys = surgeon.Variable(CATEGORICAL, dtype="int32", shape=[batch, shape.slots])
    attributes = {
        "ps_config_file": SERVER_JSON + NUL,
        "model_name": shape.model + NUL,
        "table_id": 0,
        "emb_vec_size": shape.width,
    }
    graph.nodes.append(surgeon.Node(LOOKUP, "hps_lookup", attributes, inputs=[keys], outputs=[embedding]))
    dense.name = NUMERICAL
    graph.inputs = [keys, dense]
    graph.cleanup().toposort()
    operated = surgeon.export_onnx(graph)
    operated.ir_version = model.ir_version  # the exporter writes the newest, which the image's parser may not know
    return operated


def _attributes(node):
    return {attribute.name: onnx.helper.get_attribute_value(attribute) for attribute in node.attribute}


def _check_lookup(graph, shape):
    lookups = [node for node in graph.node if node.op_type == LOOKUP]
    _compare(f"number of {LOOKUP} nodes", len(lookups), 1)
    node = lookups[0]
    _compare(f"inputs of {LOOKUP}", list(node.input), [CATEGORICAL])
    _compare(f"number of outputs of {LOOKUP}", len(node.output), 1)
    # The plug-in refuses any number of fields but these four, so there is no plugin_version either.
    wanted = {
        "ps_config_file": f"{SERVER_JSON}{NUL}".encode(),
        "model_name": f"{shape.model}{NUL}".encode(),
        "table_id": 0,
        "emb_vec_size": shape.width,
    }
    _compare(f"attributes of {LOOKUP}", _attributes(node), wanted)


def _check_wiring(graph):
    """Every tensor read is made before, by an input, a constant or an earlier node; every tensor made is read."""
    outputs = {value.name for value in graph.output}
    known = {value.name for value in graph.input} | {constant.name for constant in graph.initializer}
    read = set()
    for node in graph.node:
        dangling = [name for name in node.input if name and name not in known]
        if dangling:
            raise SurgeryError(f"node {node.name} ({node.op_type}) reads {dangling}, which nothing makes before it")
        read.update(node.input)
        again = [name for name in node.output if name in known]
        if again:
            raise SurgeryError(f"node {node.name} ({node.op_type}) makes {again}, which is there already")
        known.update(name for name in node.output if name)
    unread = {name for name in known - read - outputs if name}
    if unread or not outputs <= known:
        raise SurgeryError(f"made and read by nothing: {sorted(unread)}; outputs not made: {sorted(outputs - known)}")


def check_after(model, shape):
    """The graph that TensorRT is given, checked without the tool that made it. Raises SurgeryError."""
    graph = model.graph
    inputs = [(value.name, *_tensor(value)) for value in graph.input]
    wanted = [
        (CATEGORICAL, "INT32", [None, shape.slots]),
        (NUMERICAL, "FLOAT", [None, shape.dense_features]),
    ]
    _compare("inputs after the surgery", inputs, wanted)
    _compare("outputs after the surgery", [_tensor(value) for value in graph.output], [("FLOAT", [None, 1])])
    _check_lookup(graph, shape)
    _check_wiring(graph)
    left = [name for node in graph.node for name in node.input if name == DENSE]
    _compare(f"uses of {DENSE} after the surgery", left, [])


def operate_file(source, target, shape):
    """Read the dense half, operate, check, write, and check again what was written. Returns facts for the manifest."""
    model = onnx.load(str(source))
    operated = operate(model, shape)
    check_after(operated, shape)
    target.write_bytes(operated.SerializeToString(deterministic=True))
    written = onnx.load(str(target))
    check_after(written, shape)
    return {
        "opset": {entry.domain or "ai.onnx": entry.version for entry in written.opset_import},
        "ir_version": written.ir_version,
        "nodes": len(written.graph.node),
        "output": written.graph.output[0].name,
    }
