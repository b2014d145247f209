"""What the GPU alone takes: torch_dlrm in one process, without Triton, beside what PyTorch's own gather takes.

    python3 bench/torch-dlrm/floor.py [--rows-share 1.0] > floor.json

Needs a GPU and PyTorch. The table is drawn on the GPU; the model is the published one. For each batch: the graph with
inputs on the GPU, the graph with inputs in host memory (from there and back), and index_select of the same rows. For
batches 32 and 131072 also each kernel, from a graph of 20 of it. Medians of 30, in microseconds.
"""

import argparse
import json
import statistics
import sys
import time
from pathlib import Path

JOBS = Path(__file__).resolve().parents[2] / "jobs"
sys.path[:0] = [str(JOBS), str(JOBS / "backends" / "torch_dlrm")]

import hpsb_weights  # noqa: E402
import numpy as np  # noqa: E402
import settings  # noqa: E402
import torch  # noqa: E402

import dlrm_dense  # noqa: E402
import dlrm_scorer  # noqa: E402

CARDINALITIES = (
    *(7912889, 33823, 17139, 7339, 20046, 4, 7105, 1382, 63, 5554114, 582469, 245828, 11),
    *(2209, 10667, 104, 4, 968, 15, 8165896, 2675940, 7156453, 302516, 12022, 97, 35),
)
BATCHES = (32, 64, 256, 1024, 2048, 4096, 8192, 16384, 32768, 65536, 131072)
REPEATS, TIMES = 20, 30


class DrawnTable:
    """A whole table of random rows, as dlrm_tables.WholeTable."""

    def __init__(self, rows, kind):
        self.rows = torch.empty(rows, 128, device="cuda").uniform_(-0.05, 0.05).to(kind)

    def arguments(self):
        return self.rows, self.rows, 0, False

    def after(self, *_):
        """Nothing follows a lookup."""


def model_of(share):
    """The published model with a share of its rows."""
    table = settings.Table("uniform", -0.05, 0.05)
    slots = tuple(max(1, int(count * share)) for count in CARDINALITIES)
    return settings.Model("dlrm", slots, 128, 13, (512, 256, 128), (1024, 1024, 512, 256, 1), 20230215, table, 13)


def median(run, times=TIMES):
    """Median of what ``run`` returns, after two that do not count."""
    return round(statistics.median([run() for _ in range(times + 2)][2:]), 1)


def on_gpu(work):
    """A run that times ``work`` between two events."""

    def run():
        begin, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        begin.record()
        work()
        end.record()
        end.synchronize()
        return begin.elapsed_time(end) * 1000

    return run


def wall(work):
    """A run that times ``work`` by the host's clock."""

    def run():
        begin = time.perf_counter()
        work()
        return (time.perf_counter() - begin) * 1e6

    return run


def each(work):
    """Microseconds of one ``work``, from a graph of REPEATS."""
    work()
    torch.cuda.synchronize()
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph, stream=torch.cuda.current_stream()):
        for _ in range(REPEATS):
            work()
    return round(median(on_gpu(graph.replay), 10) / REPEATS, 2)


def kernels_of(scorer, bucket):
    """Microseconds of each kernel of a batch."""
    dense = scorer.dense
    features = bucket.features

    def middle():
        x = features
        for weights, bias in dense.middle:
            x = torch._addmm_activation(bias, x, weights)
        return x

    return {
        "bottom_mlp": each(lambda: dense.bottom(bucket.numbers, bucket.vectors, bucket.size)),
        "lookup_interaction": each(lambda: scorer.lookup(bucket, bucket.keys)),
        "middle_layers": each(middle),
        "top_mlp": each(lambda: dense.top(features, bucket.scores, bucket.size)),
    }


def ceilings():
    """Bandwidth of a copy and rate of a matrix product of this GPU."""
    source = torch.empty(2**30, device="cuda")
    target = torch.empty_like(source)
    square = torch.randn(8192, 8192, device="cuda", dtype=torch.float16)
    copy, product = median(on_gpu(lambda: target.copy_(source)), 5), median(on_gpu(lambda: square @ square), 10)
    return {"copy_tb_s": round(8 * 2**30 / copy / 1e6, 2), "fp16_tflop_s": round(2 * 8192**3 / product / 1e6, 1)}


def measure(model, dense, table, requests):
    """Figures of one table type, by batch."""
    facts = {"offsets": model.offsets, "cardinalities": model.cardinalities}
    facts.update(dense_features=model.dense_features, embedding_width=model.embedding_width)
    scorer = dlrm_scorer.Scorer(table, dense, facts, max(BATCHES))
    rows = {}
    for batch in BATCHES:
        keys, numbers = (tensor[:batch] for tensor in requests)
        scorer.prepare(batch)

        def whole(keys=keys, numbers=numbers):
            scorer.launch(scorer.stage(keys, numbers))
            if not scorer.wait():
                raise RuntimeError("a key was out of its slot")

        whole()
        bucket = scorer.buckets[batch]
        flat = bucket.keys.reshape(-1)
        rows[batch] = {
            "gpu_us": median(on_gpu(bucket.graph.replay)),
            "host_to_host_us": median(wall(whole)),
            "index_select_us": median(on_gpu(lambda flat=flat: table.rows.index_select(0, flat))),
        }
        if batch in (32, 131072):
            rows[batch]["kernels_us"] = kernels_of(scorer, bucket)
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows-share", type=float, default=1.0, help="share of the published rows")
    model = model_of(parser.parse_args().rows_share)
    torch.inference_mode().__enter__()
    torch.backends.cuda.matmul.allow_fp16_reduced_precision_reduction = False
    draw = np.random.default_rng(7)
    most = max(BATCHES)
    slots = zip(model.offsets, model.cardinalities)
    keys = np.stack([draw.integers(low, low + count, most) for low, count in slots], axis=1).astype(np.int32)
    numbers = np.log1p(draw.integers(0, 5000, (most, model.dense_features))).astype(np.float16).astype(np.float32)
    requests = torch.from_numpy(keys), torch.from_numpy(numbers)
    dense = dlrm_dense.HalfPrecision(*hpsb_weights.dense_weights(model), "cuda")
    document = {
        "gpu": torch.cuda.get_device_name(),
        "torch": torch.__version__,
        "table_rows": model.rows,
        "ceilings": ceilings(),
        "fp32_table": measure(model, dense, DrawnTable(model.rows, torch.float32), requests),
        "fp16_table": measure(model, dense, DrawnTable(model.rows, torch.float16), requests),
    }
    print(json.dumps(document, indent=1))


if __name__ == "__main__":
    main()
