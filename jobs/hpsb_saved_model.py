"""Turns a SavedModel that holds a stand-in for the table into one that holds the real table, which is a file already.

TensorFlow would write the table a second time, and hold it as a tensor meanwhile. So the model is saved with a table of
``STAND_IN_ROWS`` rows; then the number of rows is put right wherever the graph says it, and the checkpoint gets the
table's own file as a second data shard, by hard link.
"""

from __future__ import annotations

import shutil

from hpsb_checkpoint import put_tensor_in_second_shard
from hpsb_files import link

TABLE_VARIABLE = "cpu_embedding"
TABLE_TENSOR = "table/.ATTRIBUTES/VARIABLE_VALUE"
_FIRST_STAND_IN = 1009


def stand_in_rows(model):
    """Rows of the stand-in: a number that is no other length in the graph, so that it can be found and put right."""
    pairs = (len(model.cardinalities) + 1) * len(model.cardinalities) // 2
    lengths = {len(model.cardinalities) + 1, pairs, model.embedding_width + pairs, (len(model.cardinalities) + 1) ** 2}
    lengths |= {model.embedding_width, model.dense_features, *model.bottom_mlp, *model.top_mlp}
    rows = _FIRST_STAND_IN
    while rows in lengths:
        rows += 1
    return rows


def _shapes(message, kind):
    """Every message of one kind inside a message."""
    if isinstance(message, kind):
        yield message
        return
    for field, value in message.ListFields():
        if field.message_type is None:
            continue
        if field.label != field.LABEL_REPEATED:
            yield from _shapes(value, kind)
        elif field.message_type.GetOptions().map_entry:
            if field.message_type.fields_by_name["value"].message_type is not None:
                for item in value.values():
                    yield from _shapes(item, kind)
        else:
            for item in value:
                yield from _shapes(item, kind)


def pin_and_size_the_table(saved_model, stand_in, rows):
    """Keep the saved CPU device of the table, clear all others, and put the table's number of rows right.

    SAVE_VARIABLE_DEVICES writes down the device of every variable of the machine that builds. Built without a GPU,
    that would tie the dense layers to the CPU of the machine that serves. Cleared, they go where the server puts them,
    and the same bytes come out with and without a GPU.
    """
    from tensorflow.core.framework import tensor_shape_pb2
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
            if node.op == "VarHandleOp" and TABLE_VARIABLE.encode() in named:
                pinned.append(node.device)
            else:
                node.device = ""
        for saved in graph.object_graph_def.nodes:
            if saved.HasField("variable") and saved.variable.name != TABLE_VARIABLE:
                saved.variable.device = ""
    if not pinned or not all("CPU:0" in device for device in pinned):
        raise RuntimeError(f"{path}: the table must be pinned to the CPU, found devices {pinned}")
    for shape in _shapes(proto, tensor_shape_pb2.TensorShapeProto):
        for dimension in shape.dim:
            if dimension.size == stand_in:
                dimension.size = rows
    path.write_bytes(proto.SerializeToString(deterministic=True))


def attach_table(saved_model, table, rows, width, crc):
    """Make the table's file the second shard of the checkpoint; returns whether by hard link (else by copy)."""
    shard = put_tensor_in_second_shard(saved_model / "variables" / "variables", TABLE_TENSOR, (rows, width), crc)
    if link(table, shard):
        return True
    shutil.copyfile(str(table), str(shard))
    return False
