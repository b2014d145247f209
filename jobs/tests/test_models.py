"""What the saved models are and compute: signatures, devices, and one score from four ways of computing it."""

import importlib.util
import json
import os
import sys
from unittest import mock

import settings
from support import JOBS, REPOSITORY, TINY, needs, run, write_settings
from test_create_models import BUILD_NEEDS, BuiltCase

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
SCORING_NEEDS = needs("tensorflow", "tf2onnx", "onnx", "numpy", "onnxruntime")


def shape_of(tensor):
    """Name-free description of a signature's tensor."""
    return tensor.dtype.name, tensor.shape.as_list()


@BUILD_NEEDS
class SavedModelTest(BuiltCase):
    def test_native_model_has_the_published_signature(self):
        import tensorflow as tf

        signature = tf.saved_model.load(str(self.artifacts / "native_tf" / "model.savedmodel")).signatures[
            "serving_default"
        ]
        inputs = {name: shape_of(spec) for name, spec in signature.structured_input_signature[1].items()}
        outputs = {name: shape_of(spec) for name, spec in signature.structured_outputs.items()}
        self.assertEqual(
            inputs, {"categorical_features": ("int32", [None, 26]), "numerical_features": ("float32", [None, 13])}
        )
        self.assertEqual(outputs, {"output_1": ("float32", [None, 1])})

    def test_dense_half_has_the_published_signature(self):
        import tensorflow as tf

        signature = tf.saved_model.load(str(self.artifacts / "dlrm_dense_tf_saved_model")).signatures["serving_default"]
        inputs = {name: shape_of(spec) for name, spec in signature.structured_input_signature[1].items()}
        self.assertEqual(inputs, {"args_0": ("float32", [None, 26, 128]), "args_0_1": ("float32", [None, 13])})
        outputs = {name: shape_of(spec) for name, spec in signature.structured_outputs.items()}
        self.assertEqual(outputs, {"top": ("float32", [None, 1])})

    def test_only_the_table_is_pinned_and_to_the_cpu(self):
        from tensorflow.core.protobuf import saved_model_pb2

        proto = saved_model_pb2.SavedModel()
        proto.ParseFromString((self.artifacts / "native_tf" / "model.savedmodel" / "saved_model.pb").read_bytes())
        (graph,) = proto.meta_graphs
        functions = [node for function in graph.graph_def.library.function for node in function.node_def]
        pinned = {node.name: node.device for node in [*graph.graph_def.node, *functions] if node.device}
        self.assertEqual(pinned, {"cpu_embedding": "/job:localhost/replica:0/task:0/device:CPU:0"})
        variables = {n.variable.name: n.variable.device for n in graph.object_graph_def.nodes if n.HasField("variable")}
        self.assertEqual(len(variables), 17)  # the table, and a kernel and a bias for each of 8 layers
        self.assertEqual({n: d for n, d in variables.items() if d}, pinned)
        self.assertFalse(any(attribute.WhichOneof("value") is None for n in functions for attribute in n.attr.values()))

    def test_checkpoint_holds_the_tables_bytes(self):
        table = (self.artifacts / "dlrm_embedding_table" / "emb_vector").read_bytes()
        data = self.artifacts / "native_tf" / "model.savedmodel" / "variables" / "variables.data-00000-of-00001"
        self.assertIn(table, data.read_bytes())

    def test_onnx_file_has_the_published_names_and_an_open_batch(self):
        import onnx

        model = onnx.load(str(self.artifacts / "dlrm_dense.onnx"))
        onnx.checker.check_model(model, full_check=True)
        found = {}
        for value in [*model.graph.input, *model.graph.output]:
            tensor = value.type.tensor_type
            self.assertEqual(tensor.elem_type, onnx.TensorProto.FLOAT)
            found[value.name] = [d.dim_param or d.dim_value for d in tensor.shape.dim]
        self.assertEqual(found, {"args_0": ["batch", 26, 128], "args_0_1": ["batch", 13], "top": ["batch", 1]})
        self.assertEqual({entry.domain: entry.version for entry in model.opset_import}.get(""), 13)


@SCORING_NEEDS
class ParityTest(BuiltCase):
    """The same scores from numpy's own arithmetic, both SavedModels, ONNX Runtime and both Triton models."""

    @classmethod
    def setUpClass(cls):
        """Artifacts, a batch, and the models of the backends with a double for Triton's module."""
        super().setUpClass()
        import hpsb_seeded
        import numpy as np
        import tensorflow as tf

        model = settings.load(cls.settings).model
        cls.keys, cls.dense = hpsb_seeded.sample_batch(99, model.offsets, model.cardinalities, 13, 300)
        table = np.fromfile(cls.artifacts / "dlrm_embedding_table" / "emb_vector", "<f4").reshape(-1, 128)
        cls.embedding = table[cls.keys]
        cls.native = tf.saved_model.load(str(cls.artifacts / "native_tf" / "model.savedmodel"))
        cls.dense_half = tf.saved_model.load(str(cls.artifacts / "dlrm_dense_tf_saved_model"))
        outputs = cls.native.signatures["serving_default"](
            categorical_features=tf.constant(cls.keys), numerical_features=tf.constant(cls.dense)
        )
        cls.scores = outputs["output_1"].numpy()

    def assert_same(self, scores, tolerance=1e-5):
        """Scores equal those of the native model, shape and all."""
        self.assertEqual(scores.shape, (300, 1))
        self.assertLessEqual(float(abs(scores - self.scores).max()), tolerance)

    def test_scores_differ_from_sample_to_sample(self):
        self.assertGreater(float(self.scores.std()), 1e-3)

    def test_published_architecture_in_double_precision_gives_the_same_scores(self):
        import hpsb_seeded
        import numpy as np

        def layers(x, first, widths, last):
            for index, width in enumerate(widths):
                x = x @ hpsb_seeded.glorot_uniform(20230215, first + index, x.shape[1], width).astype(np.float64)
                x = last(x) if index == len(widths) - 1 else np.maximum(x, 0)
            return x

        bottom = layers(self.dense.astype(np.float64), 0, [512, 256, 128], lambda x: np.maximum(x, 0))
        rows = np.concatenate([self.embedding, bottom[:, None, :]], axis=1)
        pairs = [(rows[:, i] * rows[:, j]).sum(axis=1) for j in range(27) for i in range(j)]
        self.assertEqual(len(pairs), 351)
        top_input = np.concatenate([bottom, np.stack(pairs, axis=1)], axis=1)
        self.assert_same(layers(top_input, 3, [1024, 1024, 512, 256, 1], lambda x: 1 / (1 + np.exp(-x))))

    def test_dense_half_gives_the_same_scores(self):
        import tensorflow as tf

        call = self.dense_half.signatures["serving_default"]
        self.assert_same(call(args_0=tf.constant(self.embedding), args_0_1=tf.constant(self.dense))["top"].numpy())

    def test_onnx_runtime_gives_the_same_scores(self):
        import onnxruntime

        session = onnxruntime.InferenceSession(
            str(self.artifacts / "dlrm_dense.onnx"), providers=["CPUExecutionProvider"]
        )
        self.assert_same(session.run(["top"], {"args_0": self.embedding, "args_0_1": self.dense})[0])

    def test_wrong_keys_would_be_noticed(self):
        import onnxruntime

        session = onnxruntime.InferenceSession(
            str(self.artifacts / "dlrm_dense.onnx"), providers=["CPUExecutionProvider"]
        )
        shifted = session.run(["top"], {"args_0": self.embedding[::-1].copy(), "args_0_1": self.dense})[0]
        self.assertGreater(float(abs(shifted - self.scores).max()), 1e-3)


def load_backend(name):
    """A Triton model's module, with the double in place of Triton's own module."""
    import triton_double

    with mock.patch.dict(sys.modules, {"triton_python_backend_utils": triton_double}):
        spec = importlib.util.spec_from_file_location(f"backend_{name}", JOBS / "backends" / name / "model.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return module


def model_config(**parameters):
    """The argument of initialize."""
    return {"model_config": json.dumps({"parameters": {k: {"string_value": v} for k, v in parameters.items()}})}


@SCORING_NEEDS
class BackendsTest(BuiltCase):
    @classmethod
    def setUpClass(cls):
        """Start both models on the artifacts."""
        super().setUpClass()
        cls.models = {}
        for name in ("native_tf", "onnx_cpu"):
            model = load_backend(name).TritonPythonModel()
            model.initialize(model_config(artifacts=str(cls.artifacts), threads="1"))
            cls.models[name] = model

    def request(self, batch=32):
        """A request from make_requests, as Triton would hand it over, and its arrays."""
        import numpy as np
        import triton_double

        result = run("make_requests.py", write_settings(self.folder, requests__batches=[batch]))
        self.assertEqual(result.returncode, 0, result.stderr)
        (entry,) = json.loads((self.folder / "requests" / f"{batch}.json").read_text())["data"]
        keys = np.array(entry["categorical_features"], np.int32).reshape(batch, 26)
        dense = np.array(entry["numerical_features"], np.float32).reshape(batch, 13)
        return triton_double.InferenceRequest(categorical_features=keys, numerical_features=dense), keys, dense

    def test_both_give_the_same_scores(self):
        for batch in (1, 32, 300):
            request, _, _ = self.request(batch)
            scores = {}
            for name, model in self.models.items():
                (response,) = model.execute([request])
                self.assertFalse(response.has_error())
                (tensor,) = response.output_tensors()
                self.assertEqual(tensor.name(), "output_1")
                scores[name] = tensor.as_numpy()
                self.assertEqual((scores[name].dtype.name, scores[name].shape), ("float32", (batch, 1)))
            self.assertLessEqual(float(abs(scores["native_tf"] - scores["onnx_cpu"]).max()), 1e-5)

    def test_each_request_is_answered_alone_and_in_order(self):
        import triton_double

        request, keys, dense = self.request()
        bad = keys.copy()
        bad[4, 25] = sum(TINY)
        wrong = triton_double.InferenceRequest(categorical_features=bad, numerical_features=dense)
        half = triton_double.InferenceRequest(categorical_features=keys[:16], numerical_features=dense[:16])
        for name, model in self.models.items():
            with self.subTest(name):
                whole, refused, part = model.execute([request, wrong, half])
                self.assertEqual([whole.has_error(), refused.has_error(), part.has_error()], [False, True, False])
                whole_scores, part_scores = (r.output_tensors()[0].as_numpy() for r in (whole, part))
                self.assertEqual((len(whole_scores), len(part_scores)), (32, 16))
                self.assertLessEqual(float(abs(whole_scores[:16] - part_scores).max()), 1e-5)

    def test_keys_outside_their_slot_are_refused_by_slot_and_value(self):
        import triton_double

        _, keys, dense = self.request()
        cases = {
            (0, 0, -1): "slot 0 of sample 0 has the key -1; allowed: 0 to 39",
            (7, 1, 41): "slot 1 of sample 7 has the key 41; allowed: 40 to 40",
            (
                31,
                25,
                2**31 - 1,
            ): f"slot 25 of sample 31 has the key 2147483647; allowed: {sum(TINY) - 35} to {sum(TINY) - 1}",
            (3, 2, -(2**31)): "slot 2 of sample 3 has the key -2147483648; allowed: 41 to 47",
        }
        for (sample, slot, value), message in cases.items():
            bad = keys.copy()
            bad[sample, slot] = value
            for name, model in self.models.items():
                with self.subTest(name, value=value):
                    (response,) = model.execute(
                        [triton_double.InferenceRequest(categorical_features=bad, numerical_features=dense)]
                    )
                    self.assertIn(message, response.error().message())
                    self.assertEqual(response.output_tensors(), [])

    def test_inputs_of_different_length_are_refused(self):
        import triton_double

        _, keys, dense = self.request()
        request = triton_double.InferenceRequest(categorical_features=keys, numerical_features=dense[:5])
        for model in self.models.values():
            (response,) = model.execute([request])
            self.assertIn("categorical_features has 32 samples, numerical_features 5", response.error().message())

    def test_a_folder_without_manifest_or_a_bad_parameter_is_refused(self):
        import triton_double

        for name in self.models:
            model = load_backend(name).TritonPythonModel()
            with self.assertRaisesRegex(triton_double.TritonModelException, r"no whole manifest\.json"):
                model.initialize(model_config(artifacts=str(self.folder), threads="1"))
            with self.assertRaisesRegex(triton_double.TritonModelException, "wanted artifacts .* and threads"):
                model.initialize(model_config(artifacts=str(self.artifacts), threads="0"))

    def test_the_published_sample_is_refused_by_a_small_table(self):
        import numpy as np
        import triton_double

        entry = json.loads((REPOSITORY / "test" / "fixtures" / "requests" / "1.json").read_text())["data"][0]
        request = triton_double.InferenceRequest(
            categorical_features=np.array([entry["categorical_features"]], np.int32),
            numerical_features=np.array([entry["numerical_features"]], np.float32),
        )
        for model in self.models.values():
            (response,) = model.execute([request])
            self.assertIn("slot 0 of sample 0 has the key 276633", response.error().message())
