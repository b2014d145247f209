"""The graph that TensorRT is given: node by node, and its scores with the lookup played by a double."""

import unittest

from built import artifacts
from support import FULL, TINY, FolderCase, document, needs

SURGERY_NEEDS = needs("tensorflow", "tf2onnx", "onnx", "onnx_graphsurgeon", "onnxruntime")


@SURGERY_NEEDS
class SurgeryTest(FolderCase):
    def setUp(self):
        """Operate on the dense half of the tiny model."""
        super().setUp()
        import hpsb_surgery
        import onnx
        import settings

        self.surgery = hpsb_surgery
        self.shape = hpsb_surgery.shape_of(settings.parse(document(self.folder), (), ()).model)
        self.dense = onnx.load(str(artifacts() / "dlrm_dense.onnx"))
        self.operated = hpsb_surgery.operate(self.dense, self.shape)

    def test_puts_one_lookup_in_front_and_changes_nothing_else(self):
        before = list(self.dense.graph.node)
        after = list(self.operated.graph.node)
        lookups = [node for node in after if node.op_type == "HPS_TRT"]
        self.assertEqual(len(lookups), 1)
        self.assertEqual((list(lookups[0].input), list(lookups[0].output)), (["categorical_features"], ["args_0"]))

        def described(node, rename):
            inputs = [rename.get(name, name) for name in node.input]
            attributes = sorted(attribute.SerializeToString(deterministic=True) for attribute in node.attribute)
            return (node.op_type, inputs, list(node.output), attributes)

        rename = {"args_0_1": "numerical_features"}
        self.assertEqual(
            sorted(described(node, {}) for node in after if node.op_type != "HPS_TRT"),
            sorted(described(node, rename) for node in before),
        )

    def test_keeps_every_constant_to_the_byte(self):
        from onnx import numpy_helper

        def constants(model):
            return {c.name: numpy_helper.to_array(c).tobytes() for c in model.graph.initializer}

        self.assertEqual(constants(self.operated), constants(self.dense))

    def test_ends_texts_for_the_plug_in_with_a_nul(self):
        (lookup,) = [node for node in self.operated.graph.node if node.op_type == "HPS_TRT"]
        given = {attribute.name: (attribute.type, attribute.s, attribute.i) for attribute in lookup.attribute}
        self.assertEqual(
            given,
            {
                "ps_config_file": (3, b"dlrm.json\0", 0),
                "model_name": (3, b"dlrm\0", 0),
                "table_id": (2, b"", 0),
                "emb_vec_size": (2, b"", 128),
            },
        )

    def test_scores_like_the_native_model_when_the_double_looks_up(self):
        import numpy as np
        import onnxruntime
        import tensorflow as tf
        from hps_trt_double import with_lookup_double
        from hpsb_seeded import sample_batch

        rows = sum(TINY)
        table = np.fromfile(artifacts() / "dlrm_embedding_table" / "emb_vector", "<f4").reshape(rows, 128)
        offsets = [sum(TINY[:slot]) for slot in range(len(TINY))]
        keys, dense = sample_batch(5, offsets, TINY, 13, 256)
        runnable = with_lookup_double(self.operated, table).SerializeToString()
        session = onnxruntime.InferenceSession(runnable, providers=["CPUExecutionProvider"])
        (scores,) = session.run(None, {"categorical_features": keys, "numerical_features": dense})
        native = tf.saved_model.load(str(artifacts() / "native_tf" / "model.savedmodel"))
        wanted = native.signatures["serving_default"](
            categorical_features=tf.constant(keys), numerical_features=tf.constant(dense)
        )["output_1"].numpy()
        self.assertEqual(scores.shape, (256, 1))
        self.assertGreater(wanted.max() - wanted.min(), 1e-3)
        self.assertLess(float(abs(scores - wanted).max()), 1e-6)
        swapped = np.roll(keys, 1, axis=0)  # else a lookup that ignored the keys would pass
        (others,) = session.run(None, {"categorical_features": swapped, "numerical_features": dense})
        self.assertGreater(float(abs(others - scores).max()), 1e-4)

    def test_writes_what_it_checked_the_same_bytes_each_time(self):
        source = artifacts() / "dlrm_dense.onnx"
        facts = self.surgery.operate_file(source, self.folder / "a.onnx", self.shape)
        self.surgery.operate_file(source, self.folder / "b.onnx", self.shape)
        self.assertEqual((self.folder / "a.onnx").read_bytes(), (self.folder / "b.onnx").read_bytes())
        self.assertEqual((facts["output"], facts["opset"]["ai.onnx"]), ("top", 13))
        self.assertEqual(facts["ir_version"], self.dense.ir_version)
        self.assertEqual(facts["nodes"], len(self.dense.graph.node) + 1)

    def refusal(self, model=None, shape=None):
        """What the check after the surgery says."""
        with self.assertRaises(self.surgery.SurgeryError) as caught:
            self.surgery.check_after(model or self.operated, shape or self.shape)
        return str(caught.exception)

    def damaged(self, damage):
        """A copy of the operated model after ``damage(graph)``."""
        import onnx

        model = onnx.ModelProto()
        model.CopyFrom(self.operated)
        damage(model.graph)
        return model

    def test_refuses_a_dense_half_of_another_shape(self):
        import settings

        for change in ({"model__embedding_width": 64, "model__bottom_mlp": [512, 64]}, {"model__dense_features": 12}):
            shape = self.surgery.shape_of(settings.parse(document(self.folder, FULL, **change), (), ()).model)
            with self.assertRaisesRegex(self.surgery.SurgeryError, "inputs of the dense half: found"):
                self.surgery.operate(self.dense, shape)

    def test_refuses_graphs_that_the_plug_in_or_triton_would_take_wrongly(self):
        def lookup(graph):
            return next(node for node in graph.node if node.op_type == "HPS_TRT")

        def without_nul(graph):
            for attribute in lookup(graph).attribute:
                attribute.s = attribute.s.rstrip(b"\0")

        def a_fifth_field(graph):
            lookup(graph).attribute.add(name="plugin_version", type=3, s=b"1")

        def int64_keys(graph):
            graph.input[0].type.tensor_type.elem_type = 7

        def dangling(graph):
            lookup(graph).output[0] = "nobody_reads_this"

        def two_lookups(graph):
            graph.node.add().CopyFrom(lookup(graph))

        def fixed_batch(graph):
            graph.input[1].type.tensor_type.shape.dim[0].dim_value = 1024

        def unread(graph):
            graph.node.add(op_type="Identity", name="extra", input=["numerical_features"], output=["unread"])

        for damage, words in (
            (without_nul, "attributes of HPS_TRT"),
            (a_fifth_field, "attributes of HPS_TRT"),
            (int64_keys, "inputs after the surgery"),
            (dangling, "reads ['args_0'], which nothing makes"),
            (two_lookups, "number of HPS_TRT nodes: found 2"),
            (fixed_batch, "inputs after the surgery"),
            (unread, "made and read by nothing: ['unread']"),
        ):
            with self.subTest(damage.__name__):
                self.assertIn(words, self.refusal(self.damaged(damage)))


if __name__ == "__main__":
    unittest.main()
