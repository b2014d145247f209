"""What the saved models are and compute: signatures, devices, and one score from four ways of computing it."""

import contextlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from unittest import mock

import settings
from support import JOBS, REPOSITORY, TINY, NoLinks, digests, document, environment, needs, run, write_settings
from test_create_models import BUILD_NEEDS, BuiltCase

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
with contextlib.suppress(ImportError):  # numpy may be missing; the classes below are skipped then
    import hpsb_crc32c
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

    def test_table_is_one_file_with_two_names_that_tensorflow_restores(self):
        import numpy as np
        import tensorflow as tf

        table = self.artifacts / "dlrm_embedding_table" / "emb_vector"
        native = self.artifacts / "native_tf" / "model.savedmodel"
        shard = native / "variables" / "variables.data-00001-of-00002"
        self.assertTrue(table.samefile(shard))
        self.assertEqual(table.stat().st_nlink, 2)
        self.assertEqual(table.read_bytes(), shard.read_bytes())
        restored = tf.saved_model.load(str(native)).table.numpy()
        np.testing.assert_array_equal(restored, np.fromfile(table, "<f4").reshape(sum(TINY), 128))
        saved = tf.train.load_checkpoint(str(native / "variables" / "variables"))
        self.assertEqual(saved.get_tensor("table/.ATTRIBUTES/VARIABLE_VALUE").tobytes(), table.read_bytes())

    def test_models_are_those_saved_with_a_table_of_full_length(self):
        # They are saved with a stand-in of another length; put right, not a byte may differ from the straight way.
        straight = (
            "import runpy, sys, hpsb_saved_model; hpsb_saved_model.stand_in_rows = lambda model: model.rows;"
            " sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__')"
        )
        outputs = {name: str(self.folder / name) for name in ("native", "dense", "onnx", "report")}
        options = [f"--{name}={path}" for name, path in outputs.items()]
        program = [str(JOBS / "hpsb_models.py"), f"--settings={self.settings}", *options]
        table = self.artifacts / "dlrm_embedding_table" / "emb_vector"
        told = {"table": str(table), "crc32c": hpsb_crc32c.crc32c(table.read_bytes())}
        # Its input stays open until it ends, which an ended input would make it do at once.
        child = subprocess.Popen(
            [sys.executable, "-c", straight, *program],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment(PYTHONPATH=str(JOBS), PYTHONHASHSEED="0"),
            text=True,
        )
        self.addCleanup(child.stdin.close)
        child.stdin.write(json.dumps(told) + "\n")
        child.stdin.flush()
        self.assertEqual(child.wait(timeout=300), 0)
        self.assertEqual(digests(Path(outputs["native"])), digests(self.artifacts / "native_tf" / "model.savedmodel"))
        self.assertEqual(digests(Path(outputs["dense"])), digests(self.artifacts / "dlrm_dense_tf_saved_model"))

    def test_stand_in_has_a_length_that_is_no_other_in_the_graph(self):
        import hpsb_saved_model

        for width, units in ((128, [512, 256, 128]), (1009, [1010, 1009])):
            model = settings.parse(
                document(self.folder, model__embedding_width=width, model__bottom_mlp=units), (), ()
            ).model
            rows = hpsb_saved_model.stand_in_rows(model)
            self.assertNotIn(rows, [*units, width, 27, 351, 729, width + 351, 1024, 512, 256])

    def test_tensorflow_refuses_the_model_after_one_bit_of_the_table_turned(self):
        import tensorflow as tf

        _, artifacts = self.copy()
        native = artifacts / "native_tf" / "model.savedmodel"
        with (native / "variables" / "variables.data-00001-of-00002").open("r+b") as file:
            file.seek(sum(TINY) * 256)
            (byte,) = file.read(1)
            file.seek(-1, 1)
            file.write(bytes([byte ^ 1]))
        with self.assertRaises(tf.errors.DataLossError):
            tf.saved_model.load(str(native))

    def test_table_is_copied_with_a_message_where_there_are_no_hard_links(self):
        import tensorflow as tf

        result = run("create_models.py", write_settings(self.folder), PYTHONPATH=NoLinks(self.folder).path)
        self.assertIn("no hard links: the table is stored twice", result.stdout)
        artifacts = self.folder / "artifacts"
        self.assertEqual(digests(artifacts), digests(self.artifacts))
        table = artifacts / "dlrm_embedding_table" / "emb_vector"
        self.assertEqual(table.stat().st_nlink, 1)
        manifest = json.loads((artifacts / "manifest.json").read_text())
        self.assertEqual(manifest["table_copies"], 2)
        self.assertEqual(manifest["bytes"], sum(file["bytes"] for file in manifest["files"].values()))
        restored = tf.saved_model.load(str(artifacts / "native_tf" / "model.savedmodel")).table.numpy()
        self.assertEqual(restored.tobytes(), table.read_bytes())

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

    def test_artifacts_that_are_not_as_the_manifest_says_are_refused(self):
        import triton_double

        for damage, message in (
            ("truncated", "has 1000 bytes, its manifest says"),
            ("removed", "not all that it lists"),
        ):
            with self.subTest(damage):
                _, artifacts = self.copy()
                table = artifacts / "dlrm_embedding_table" / "emb_vector"
                if damage == "truncated":
                    with table.open("r+b") as file:
                        file.truncate(1000)
                else:
                    table.unlink()
                for name in self.models:
                    model = load_backend(name).TritonPythonModel()
                    with self.assertRaisesRegex(triton_double.TritonModelException, message):
                        model.initialize(model_config(artifacts=str(artifacts), threads="1"))
                shutil.rmtree(artifacts)

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
