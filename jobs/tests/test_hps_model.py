"""The HPS SavedModel, made with a double of NVIDIA's module (doubles/): what its graph says, and its scores."""

import json
import os
import shutil
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import settings
from support import DOUBLES, document, needs, run, write_settings

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


@needs("tensorflow", "tf2onnx", "onnx", "numpy")
class HpsSavedModelTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        """Make artifacts with the HPS SavedModel for two GPUs, on a machine that has none."""
        cls.built = Path(tempfile.mkdtemp(prefix="hps-bench-hps-"))
        cls.addClassCleanup(shutil.rmtree, cls.built)
        changes = {"artifacts__hps_saved_model": True, "hps__max_batch_size": 4096, "hps__deployed_devices": [0, 1]}
        cls.settings = write_settings(cls.built, **changes)
        result = run("create_models.py", cls.settings)
        if result.returncode:
            raise AssertionError(result.stderr)
        cls.artifacts = cls.built / "artifacts"
        cls.saved_model = cls.artifacts / "tf_with_hps" / "model.savedmodel"

    def load(self):
        """The SavedModel in the working folder of the server."""
        import tensorflow as tf

        return tf.saved_model.load(str(self.saved_model))

    def constants(self):
        """The values of the named constants in the graph's functions, by name."""
        import tensorflow as tf
        from tensorflow.core.protobuf import saved_model_pb2

        proto = saved_model_pb2.SavedModel()
        proto.ParseFromString((self.saved_model / "saved_model.pb").read_bytes())
        functions = proto.meta_graphs[0].graph_def.library.function
        nodes = [node for function in functions for node in function.node_def if node.op == "Const"]
        return {node.name.rpartition("/")[2]: tf.make_ndarray(node.attr["value"].tensor) for node in nodes}

    def test_has_the_published_signature(self):
        signature = self.load().signatures["serving_default"]
        inputs = {n: (s.dtype.name, s.shape.as_list()) for n, s in signature.structured_input_signature[1].items()}
        self.assertEqual(
            inputs, {"categorical_features": ("int32", [None, 26]), "numerical_features": ("float32", [None, 13])}
        )
        (output,) = signature.structured_outputs.items()
        self.assertEqual(
            (output[0], output[1].dtype.name, output[1].shape.as_list()), ("output_1", "float32", [None, 1])
        )

    def test_freezes_the_configuration_and_the_servers_gpus_into_the_graph(self):
        frozen = self.constants()
        self.assertEqual(frozen["ps_config_file"].item(), b"dlrm.json")
        self.assertEqual(frozen["model_name"].item(), b"dlrm")
        self.assertEqual(frozen["global_batch_size"].item(), 4096)
        self.assertEqual(frozen["visible_devices"].tolist(), [0, 1])

    def test_gives_the_scores_of_the_native_model_in_the_artifacts_folder(self):
        import hpsb_seeded
        import tensorflow as tf

        model = settings.load(self.settings).model
        keys, dense = hpsb_seeded.sample_batch(5, model.offsets, model.cardinalities, 13, 200)
        inputs = {"categorical_features": tf.constant(keys), "numerical_features": tf.constant(dense)}
        native = tf.saved_model.load(str(self.artifacts / "native_tf" / "model.savedmodel"))
        hps, before = self.load(), Path.cwd()
        wanted = native.signatures["serving_default"](**inputs)["output_1"].numpy()
        os.chdir(self.artifacts)  # the configuration's path is relative, as on a server
        try:
            scores = hps.signatures["serving_default"](**inputs)["output_1"].numpy()
        finally:
            os.chdir(before)
        self.assertLessEqual(float(abs(scores - wanted).max()), 1e-6)
        self.assertGreater(float(scores.std()), 1e-3)

    def test_holds_no_table(self):
        size = sum(path.stat().st_size for path in self.saved_model.rglob("*") if path.is_file())
        self.assertLess(size, 10_500_000)  # 2,368,897 parameters and the graph

    def test_is_listed_in_the_manifest_with_what_it_froze(self):
        manifest = json.loads((self.artifacts / "manifest.json").read_text())
        self.assertIn("tf_with_hps/model.savedmodel/saved_model.pb", manifest["files"])
        frozen = {"max_batch_size": 4096, "deployed_devices": [0, 1], "module": "unknown"}
        self.assertEqual(manifest["hps_saved_model"], frozen)

    def test_is_used_again_only_for_what_it_froze(self):
        import create_models

        manifest = json.loads((self.artifacts / "manifest.json").read_text())

        def whole(**changes):
            chosen = settings.parse(document(self.built, **changes), ("hps", "artifacts"), ())
            self.assertEqual(chosen.model, settings.load(self.settings).model)
            frozen = create_models.frozen_by_hps(chosen)
            return create_models.is_whole(self.artifacts, manifest, manifest["key"], frozen)

        same = {"artifacts__hps_saved_model": True, "hps__max_batch_size": 4096, "hps__deployed_devices": [0, 1]}
        with mock.patch.object(sys, "path", [str(DOUBLES), *sys.path]):
            self.assertTrue(whole(**same))
            self.assertTrue(whole(**same, hps__workers=9))
            self.assertFalse(whole(**{**same, "hps__max_batch_size": 64}))
            self.assertFalse(whole(**{**same, "hps__deployed_devices": [0]}))
            self.assertTrue(whole())
            manifest["hps_saved_model"] = None
            self.assertFalse(whole(**same))


@needs("tensorflow")
class VisibleGpusTest(unittest.TestCase):
    def test_names_the_servers_gpus_while_tracing_and_no_longer(self):
        import hpsb_hps_model
        from tensorflow.python.framework import config

        before = config.get_visible_devices
        with hpsb_hps_model.visible_gpus((0, 2)):
            names = [gpu.name for gpu in config.get_visible_devices("GPU")]
            self.assertEqual(names, ["/physical_device:GPU:0", "/physical_device:GPU:2"])
            self.assertEqual(config.get_visible_devices("CPU"), before("CPU"))
        self.assertIs(config.get_visible_devices, before)
