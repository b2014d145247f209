"""How far a GPU's coarser numbers move the scores, and how far wrong keys do: the parity limit must lie between.

TF32 multiplies with 10 bits of mantissa (TensorFlow and TensorRT use it on Ampere and newer unless told otherwise);
fp16 engines also store with 10. Both are played here in numpy on the dense half of the tiny model: operands rounded
before each product, for fp16 the results too.
"""

import unittest

from built import artifacts
from support import TINY, needs

LIMIT = 5e-4  # parity limit of runs with HPS variants, as in src/job-settings/settings.ts
LAYERS = [(13, 512), (512, 256), (256, 128), (479, 1024), (1024, 1024), (1024, 512), (512, 256), (256, 1)]


def exact(values):
    """No rounding."""
    return values


def tf32(values):
    """To the nearest number with 10 bits of mantissa and float32's exponent."""
    import numpy as np

    bits = values.astype(np.float32).view(np.uint32)
    return ((bits + 0x1000) & 0xFFFFE000).view(np.float32).astype(np.float64)


def fp16(values):
    """To the nearest float16."""
    import numpy as np

    return values.astype(np.float16).astype(np.float64)


def scores(kernels, embedding, dense, operand, result):
    """The dense half in float64, biases zero, with operands and results of every product rounded as asked."""
    import numpy as np

    def product(a, b):
        return result(operand(a) @ operand(b))

    bottom = dense
    for kernel in kernels[:3]:
        bottom = np.maximum(product(bottom, kernel), 0)
    rows = result(np.concatenate([embedding, bottom[:, None, :]], axis=1))
    grams = product(rows, rows.transpose(0, 2, 1)).reshape(len(dense), -1)
    pairs = [i * 27 + j for j in range(1, 27) for i in range(j)]
    top = np.concatenate([bottom, grams[:, pairs]], axis=1)
    for kernel in kernels[3:7]:
        top = np.maximum(product(top, kernel), 0)
    return 1 / (1 + np.exp(-product(top, kernels[7])))


@needs("tensorflow", "tf2onnx", "onnx", "numpy")
class RoundingTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        """Kernels, table and a seeded batch."""
        import numpy as np
        import onnx
        from hpsb_seeded import sample_batch

        path = artifacts()
        graph = onnx.load(str(path / "dlrm_dense.onnx")).graph
        constants = {c.name: onnx.numpy_helper.to_array(c) for c in graph.initializer}
        cls.kernels = [
            constants[name].astype(np.float64)
            for node in graph.node
            for name in node.input
            if node.op_type == "MatMul" and name in constants
        ]
        assert [kernel.shape for kernel in cls.kernels] == LAYERS
        table = np.fromfile(path / "dlrm_embedding_table" / "emb_vector", "<f4").reshape(-1, 128).astype(np.float64)
        offsets = [sum(TINY[:slot]) for slot in range(len(TINY))]
        keys, dense = sample_batch(5, offsets, TINY, 13, 256)
        cls.embedding, cls.dense = table[keys], dense.astype(np.float64)
        cls.wrong = table[np.roll(keys, 1, axis=0)]
        cls.reference = scores(cls.kernels, cls.embedding, cls.dense, exact, exact)

    def moved(self, embedding, operand, result):
        """Absolute differences from the exact scores."""
        return abs(scores(self.kernels, embedding, self.dense, operand, result) - self.reference)

    def test_a_gpu_stays_far_below_the_limit(self):
        for operand, result in ((tf32, exact), (fp16, fp16)):
            worst = self.moved(self.embedding, operand, result).max()
            self.assertGreater(worst, 1e-5, "then the limit of CPU runs would do")
            self.assertLess(worst, LIMIT / 4)

    def test_wrong_keys_go_far_above_it(self):
        import numpy as np

        moved = self.moved(self.wrong, exact, exact)
        self.assertGreater(np.median(moved), 2 * LIMIT)
        self.assertGreater(moved.max(), 10 * LIMIT)


if __name__ == "__main__":
    unittest.main()
