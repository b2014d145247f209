"""The dense weights as a plain file, and the models of a run that needs no TensorFlow."""

import json
import unittest

from support import FolderCase, digests, needs, run, write_settings

PROGRAM = "create_models.py"


@needs("numpy")
class WithoutTensorFlowTest(FolderCase):
    def make(self, **changes):
        """Artifacts with the settings; returns their folder and the process."""
        result = run(PROGRAM, write_settings(self.folder, **changes))
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        return self.folder / "artifacts", result

    def test_makes_table_and_weights_only_and_uses_them_again(self):
        artifacts, _ = self.make(artifacts__tensorflow=False)
        names = {path.name for path in artifacts.iterdir()}
        self.assertEqual(names, {"dlrm_embedding_table", "dlrm.json", "dlrm_dense.npz", "manifest.json", ".lock"})
        manifest = json.loads((artifacts / "manifest.json").read_text())
        self.assertEqual(set(manifest["versions"]), {"python", "numpy"})
        self.assertGreater(manifest["scores"]["std_by_keys_alone"], 1e-4)
        before = digests(artifacts)
        _, again = self.make(artifacts__tensorflow=False)
        self.assertIn("reused: ", again.stdout)
        self.assertEqual(digests(artifacts), before)

    def test_refuses_a_range_that_saturates_as_with_tensorflow(self):
        path = write_settings(
            self.folder, artifacts__tensorflow=False, model__table={"distribution": "uniform", "low": 0.0, "high": 1e30}
        )
        result = run(PROGRAM, path)
        self.assertEqual(result.returncode, 2)
        self.assertIn("model.table: got low 0, high 1e+30", result.stderr)

    def test_refuses_an_hps_model_without_tensorflow(self):
        path = write_settings(self.folder, artifacts__tensorflow=False, artifacts__hps_saved_model=True)
        result = run(PROGRAM, path)
        self.assertEqual(result.returncode, 2)
        self.assertIn("artifacts.tensorflow: got false", result.stderr)


@needs("tensorflow", "tf2onnx", "onnx", "onnxruntime", "numpy")
class SameModelTest(FolderCase):
    def test_the_plain_weights_score_as_the_converted_model(self):
        import hpsb_weights
        import numpy as np
        import onnxruntime
        import settings
        from hpsb_seeded import rows_of_keys, sample_batch

        path = write_settings(self.folder)
        self.assertEqual(run(PROGRAM, path).returncode, 0)
        model = settings.load(path).model
        artifacts = self.folder / "artifacts"
        with np.load(artifacts / "dlrm_dense.npz") as file:
            weights = [
                [(file[f"{half}_{i}_kernel"], file[f"{half}_{i}_bias"]) for i in range(int(file[f"{half}_layers"]))]
                for half in ("bottom", "top")
            ]
        keys, dense = sample_batch(model.seed, model.offsets, model.cardinalities, model.dense_features, 64)
        rows = rows_of_keys(model.seed, keys, model.embedding_width, model.table.low, model.table.high)
        session = onnxruntime.InferenceSession(str(artifacts / "dlrm_dense.onnx"), providers=["CPUExecutionProvider"])
        (scores,) = session.run(["top"], {"args_0": rows, "args_0_1": dense})
        wanted = hpsb_weights.logits(rows.astype(np.float64), dense, weights)
        found = np.log(scores[:, 0].astype(np.float64) / (1 - scores[:, 0].astype(np.float64)))
        self.assertLess(np.abs(found - wanted).max(), 1e-5)
        self.assertGreater(wanted.std(), 1e-3)


if __name__ == "__main__":
    unittest.main()
