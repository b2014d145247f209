"""The kernels of torch_dlrm on the CPU, by OpenAI Triton's interpreter, against the model in NumPy."""

import os
import subprocess
import sys
import unittest

from support import JOBS, needs

CHECK = """
import sys
sys.path[:0] = [r"{jobs}", r"{jobs}/tests", r"{jobs}/backends/torch_dlrm"]
from pathlib import Path
import dlrm_dense, dlrm_kernels, hpsb_weights, settings, torch
import numpy as np
from support import document
model = settings.parse(document(Path("/")), (), ()).model
draw = np.random.default_rng(1)
rows = draw.uniform(-0.05, 0.05, (model.rows, 128)).astype("f4")
slots = list(zip(model.offsets, model.cardinalities))
keys = np.stack([draw.integers(low, low + count, 5) for low, count in slots], 1).astype("i4")
dense = np.log1p(draw.integers(0, 1000, (5, 13))).astype("f2").astype("f4")
weights = hpsb_weights.dense_weights(model)
lows, counts = (torch.tensor(values, dtype=torch.int32) for values in (model.offsets, model.cardinalities))

def looked_up(half, keys, cached):
    vectors = torch.empty(5, 128, dtype=half.dtype)
    features = torch.zeros(5, half.features, dtype=half.dtype)
    wrong = torch.zeros(1, dtype=torch.int32)
    half.bottom(torch.from_numpy(dense), vectors, 5)
    table = torch.from_numpy(rows)
    places = torch.arange(model.rows, dtype=torch.int32)
    places[::2] = -1  # every other row is missed and comes from the host's table
    shown = torch.where((places >= 0)[:, None], table, torch.nan) if cached else table
    dlrm_kernels.lookup_interaction[(5,)](
        torch.from_numpy(keys), lows, counts, vectors, shown, places, table, features, wrong, half.features,
        SLOTS=26, VECTORS=32, WIDTH=128, CACHED=cached, PRECISION="ieee")
    return features, int(wrong)

wanted = hpsb_weights.logits(rows[keys].astype("f8"), dense, weights)
for kind, limit in ((dlrm_dense.SinglePrecision, 1e-5), (dlrm_dense.HalfPrecision, 1e-3)):
    half = kind(*weights, "cpu")
    for cached in (False, True):
        features, wrong = looked_up(half, keys, cached)
        scores = torch.zeros(5)
        if kind is dlrm_dense.SinglePrecision:
            half.top(features, scores, 5)
        else:
            x = features
            for kernel, bias in half.middle:
                x = torch.relu(torch.addmm(bias, x, kernel))
            dlrm_kernels.last_layers[(1,)](x, half.w4, half.b4, half.w_last, half.b_last, scores, 5,
                                           INPUTS=512, UNITS=256, BLOCK=64, CHUNK=64)
        found = scores.double().numpy()
        apart = abs(np.log(found / (1 - found)) - wanted).max()
        assert wrong == 0 and apart <= limit, (kind, cached, wrong, apart)
bad = keys.copy()
bad[3, 7] = model.offsets[8]
assert looked_up(half, bad, False)[1] == 1
print("agreed")
"""


@needs("torch", "triton")
class KernelsTest(unittest.TestCase):
    def test_agree_with_the_model_and_see_a_key_outside_its_slot(self):
        environment = {**os.environ, "TRITON_INTERPRET": "1"}
        program = CHECK.format(jobs=JOBS)
        done = subprocess.run(
            [sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=300, check=False
        )
        self.assertEqual((done.returncode, done.stdout.strip()), (0, "agreed"), done.stderr[-2000:])


if __name__ == "__main__":
    unittest.main()
