"""A table in host memory and the dense half on the GPU, operation by operation: what native TensorFlow does.

The rows are gathered by the CPU's cores into page-locked memory and copied to the GPU; there the products are in TF32.
"""

import numpy as np
import torch


class CpuTableScorer:
    """The scorer's interface (dlrm_scorer.py) without graphs."""

    def __init__(self, mapped, dense, model, most, device="cuda"):
        self.dense, self.device, self.most = dense, device, most
        # In memory, not mapped: the first reading of a page must not be part of a measurement.
        self.table = torch.from_numpy(np.array(mapped))
        self.lows = torch.tensor(model["offsets"], dtype=torch.int32)
        self.counts = torch.tensor(model["cardinalities"], dtype=torch.int32)
        slots, width = len(self.lows), model["embedding_width"]
        self.gathered = torch.empty((most * slots, width), dtype=torch.float32, pin_memory=True)
        self.host_scores = torch.zeros((most,), dtype=torch.float32, pin_memory=True)
        first, second = torch.triu_indices(slots + 1, slots + 1, offset=1)
        order = torch.argsort(second * (slots + 1) + first)  # pairs i < j, ordered by j, then i
        self.pairs = (first * (slots + 1) + second)[order].to(device)
        self.good = True

    def prepare(self, samples):
        """Run once, so that the libraries are loaded."""
        keys = self.lows.reshape(1, -1).repeat(samples, 1)
        self.launch(self.stage(keys, torch.zeros((samples, self.dense.numbers))))
        self.wait()

    def stage(self, keys, numbers):
        """Look at a request in host memory."""
        wrong = ((keys < self.lows) | (keys - self.lows >= self.counts)).any()
        return keys, numbers, not bool(wrong)

    def take(self, keys, numbers):
        """A request on the GPU: its keys are needed on the CPU."""
        return self.stage(keys.cpu(), numbers.cpu())

    def launch(self, request):
        """Gather, copy and score."""
        keys, numbers, self.good = request
        samples, slots = keys.shape
        if not self.good:
            return
        gathered = self.gathered[: samples * slots]
        torch.index_select(self.table, 0, keys.reshape(-1), out=gathered)
        rows = gathered.to(self.device, non_blocking=True).reshape(samples, slots, -1)
        bottom = torch.empty((samples, rows.shape[2]), device=self.device)
        self.dense.bottom(numbers.to(self.device), bottom, samples)
        vectors = torch.cat([rows, bottom[:, None]], dim=1)
        products = torch.bmm(vectors, vectors.transpose(1, 2)).reshape(samples, -1)
        features = torch.cat([bottom, products.index_select(1, self.pairs)], dim=1)
        padding = self.dense.features - features.shape[1]
        self.dense.top(torch.nn.functional.pad(features, (0, padding)), self.host_scores[:samples], samples)

    def wait(self):
        """Wait for the scores; returns whether every key was in its slot."""
        torch.cuda.synchronize()
        return self.good
