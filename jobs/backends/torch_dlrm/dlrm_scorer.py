"""Scores batches on the GPU: one CUDA graph for each power of two, no copy that need not be.

A request of N samples runs in the graph of the next power of two; what is left of it looks up the first row of each
slot. Where the dense half can, small requests are read by the kernels from page-locked memory in place. Larger ones are
copied to the GPU from where Triton put them, if that can be page-locked, and else staged. Scores are written to
page-locked memory by the last kernel itself.
"""

import torch
import triton

import dlrm_kernels as kernels
from dlrm_pinning import SharedMemoryPins

_SMALLEST = 32
_READ_IN_PLACE_TO = 1024  # samples; beyond it a copy and the GPU's own memory are faster
_PIECE = 1 << 15  # samples staged at once


def bucket_size(samples):
    """Samples of the graph that a request runs in."""
    return max(_SMALLEST, triton.next_power_of_2(samples))


class _Bucket:
    """The part of the scorer's memory that one batch size uses, and its graphs."""

    def __init__(self, scorer, size):
        self.size = size
        self.host_keys, self.host_numbers = scorer.host_keys[:size], scorer.host_numbers[:size]
        self.keys, self.numbers = scorer.keys[:size], scorer.numbers[:size]
        self.vectors, self.features = scorer.vectors[:size], scorer.features[:size]
        self.scores = scorer.host_scores[:size]
        self.graph = self.graph_in_place = None


class Scorer:
    """A table and a dense half, ready for requests of up to ``most`` samples."""

    def __init__(self, table, dense, model, most, device="cuda"):
        self.table, self.dense = table, dense
        self.slots, self.most = len(model["cardinalities"]), bucket_size(most)
        self.lows = torch.tensor(model["offsets"], dtype=torch.int32, device=device)
        self.counts = torch.tensor(model["cardinalities"], dtype=torch.int32, device=device)
        self.first_keys = self.lows.cpu()

        def locked(*shape, kind=torch.float32):
            return torch.zeros(shape, dtype=kind, pin_memory=True)

        self.host_keys = locked(self.most, self.slots, kind=torch.int32)
        self.host_keys[:] = self.first_keys
        self.host_numbers = locked(self.most, model["dense_features"])
        self.host_scores = locked(self.most)
        self.wrong = locked(1, kind=torch.int32)
        self.wrong_seen = self.wrong.numpy()
        self.keys, self.numbers = self.host_keys.to(device), self.host_numbers.to(device)
        self.vectors = torch.empty((self.most, model["embedding_width"]), dtype=dense.dtype, device=device)
        self.features = torch.zeros((self.most, dense.features), dtype=dense.dtype, device=device)
        self.buckets, self.pool, self.pins = {}, None, SharedMemoryPins()
        # The process does nothing else, so this stream is its current one for good.
        self.stream = torch.cuda.Stream()
        torch.cuda.set_stream(self.stream)

    def lookup(self, bucket, keys):
        """The fused kernel; keys: on the GPU, or the address of page-locked ones."""
        rows, places, host, cached = self.table.arguments()
        kernels.lookup_interaction[(bucket.size,)](
            keys, self.lows, self.counts, bucket.vectors, rows, places, host, bucket.features, self.wrong.data_ptr(),
            self.dense.features, SLOTS=self.slots, VECTORS=triton.next_power_of_2(self.slots + 1),
            WIDTH=bucket.vectors.shape[1], CACHED=cached, PRECISION=self.dense.precision,
            num_warps=self.dense.lookup_warps,
        )  # fmt: skip

    def _run(self, bucket, in_place):
        """All kernels of one batch; ``in_place``: inputs in page-locked memory."""
        numbers = bucket.host_numbers.data_ptr() if in_place else bucket.numbers
        keys = bucket.host_keys.data_ptr() if in_place else bucket.keys
        self.dense.bottom(numbers, bucket.vectors, bucket.size)
        self.lookup(bucket, keys)
        self.dense.top(bucket.features, bucket.scores, bucket.size)
        self.table.after(keys, self.lows, self.counts, bucket.size * self.slots)

    def _capture(self, bucket, in_place):
        for _ in range(2):  # compiles the kernels, lets cuBLAS choose and make its workspace
            self._run(bucket, in_place)
        self.stream.synchronize()
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph, pool=self.pool, stream=self.stream):
            self._run(bucket, in_place)
        self.pool = graph.pool()
        return graph

    def prepare(self, samples):
        """Capture the graphs of a bucket: one for inputs on the GPU, one for small inputs read in place."""
        size = bucket_size(samples)
        bucket = self.buckets.get(size)
        if bucket is None:
            bucket = _Bucket(self, size)
            bucket.host_keys[:] = self.first_keys
            bucket.keys.copy_(bucket.host_keys)
            bucket.graph = self._capture(bucket, False)
            if self.dense.reads_host and size <= _READ_IN_PLACE_TO:
                bucket.graph_in_place = self._capture(bucket, True)
            self.buckets[size] = bucket
        return bucket

    def _bucket_of(self, samples):
        return self.buckets.get(samples) or self.prepare(samples)

    def stage(self, keys, numbers):
        """Take a request from host memory: int32 (N, slots) and float32 (N, features). Returns its graph."""
        samples = len(keys)
        bucket = self._bucket_of(samples)
        if bucket.graph_in_place is not None:
            if samples == bucket.size:
                bucket.host_keys.copy_(keys)
                bucket.host_numbers.copy_(numbers)
            else:
                bucket.host_keys[:samples].copy_(keys)
                bucket.host_keys[samples:] = self.first_keys
                bucket.host_numbers[:samples].copy_(numbers)
            return bucket.graph_in_place
        if self.pins.hold(keys) and self.pins.hold(numbers):
            bucket.keys[:samples].copy_(keys, non_blocking=True)
            bucket.numbers[:samples].copy_(numbers, non_blocking=True)
        else:
            for start in range(0, samples, _PIECE):
                piece = slice(start, min(samples, start + _PIECE))
                for source, locked, there in (
                    (keys, bucket.host_keys, bucket.keys),
                    (numbers, bucket.host_numbers, bucket.numbers),
                ):
                    locked[piece].copy_(source[piece])
                    there[piece].copy_(locked[piece], non_blocking=True)
        self._fill(bucket, samples)
        return bucket.graph

    def _fill(self, bucket, samples):
        """What a request leaves of its bucket looks up the first rows."""
        if samples < bucket.size:
            bucket.keys[samples:] = self.lows

    def take(self, keys, numbers):
        """Take a request from the GPU's memory, as stage does."""
        samples = len(keys)
        bucket = self._bucket_of(samples)
        bucket.keys[:samples].copy_(keys)
        bucket.numbers[:samples].copy_(numbers)
        self._fill(bucket, samples)
        return bucket.graph

    def launch(self, graph):
        """Start the kernels of the request that was taken last."""
        graph.replay()

    def wait(self):
        """Wait for its scores, in ``host_scores``; returns whether every key was in its slot."""
        self.stream.synchronize()
        if self.wrong_seen[0] == 0:
            return True
        self.wrong_seen[0] = 0
        return False
