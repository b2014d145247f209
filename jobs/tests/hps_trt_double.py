"""A double of the HPS_TRT plug-in as an ONNX function, so that ONNX Runtime can run a graph after the surgery.

It looks keys up in a table that it carries, by the plug-in's contract: int32 (N, keys) to float32 (N, keys, width).
"""

import onnx
from onnx import TensorProto, helper, numpy_helper

DOMAIN = "hps_bench.double"


def with_lookup_double(model, table):
    """A copy of the model whose HPS_TRT nodes call the double. table: float32 (rows, width)."""
    runnable = onnx.ModelProto()
    runnable.CopyFrom(model)
    for node in runnable.graph.node:
        if node.op_type == "HPS_TRT":
            node.domain = DOMAIN
            del node.attribute[:]
    opset = next(entry.version for entry in model.opset_import if entry.domain == "")
    body = [
        helper.make_node("Constant", [], ["table"], value=numpy_helper.from_array(table, "table")),
        helper.make_node("Cast", ["keys"], ["indices"], to=TensorProto.INT64),
        helper.make_node("Gather", ["table", "indices"], ["rows"], axis=0),
    ]
    imports = [helper.make_opsetid("", opset)]
    runnable.functions.append(helper.make_function(DOMAIN, "HPS_TRT", ["keys"], ["rows"], body, imports))
    runnable.opset_import.append(helper.make_opsetid(DOMAIN, 1))
    return runnable
