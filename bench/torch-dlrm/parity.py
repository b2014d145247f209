"""Logits of every variant that a Triton serves, against the model in NumPy in double precision.

    python3 bench/torch-dlrm/parity.py --artifacts DIR --request DIR --triton 127.0.0.1:8000 torch_fp32 torch_fp16 ...

The request is a folder of make_requests.py. A logit is ln(p / (1 - p)) of the score p that Triton answers, a float32:
near 0.5 that is exact to 3e-7. Prints JSON: by variant the largest difference of a logit; the logits' own deviation.
"""

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "jobs"))

import hpsb_weights
import numpy as np
from hpsb_triton import Request, Triton


def reference(artifacts, request):
    """Logits in double precision."""
    model = json.loads((artifacts / "manifest.json").read_text(encoding="utf-8"))["model"]
    table = np.memmap(
        artifacts / "dlrm_embedding_table" / "emb_vector",
        dtype="<f4",
        mode="r",
        shape=(model["rows"], model["embedding_width"]),
    )
    keys = np.fromfile(request / "categorical_features", "<i4").reshape(-1, len(model["cardinalities"]))
    numbers = np.fromfile(request / "numerical_features", "<f4").reshape(len(keys), -1)
    with np.load(artifacts / "dlrm_dense.npz") as file:
        weights = [
            [(file[f"{half}_{i}_kernel"], file[f"{half}_{i}_bias"]) for i in range(int(file[f"{half}_layers"]))]
            for half in ("bottom", "top")
        ]
    return hpsb_weights.logits(table[keys].astype(np.float64), numbers, weights)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--artifacts", type=Path, required=True)
    parser.add_argument("--request", type=Path, required=True)
    parser.add_argument("--triton", required=True)
    parser.add_argument("variants", nargs="+")
    given = parser.parse_args()
    wanted = reference(given.artifacts, given.request)
    triton, request = Triton(given.triton), Request(given.request)
    found = {}
    for variant in given.variants:
        scores = np.asarray(triton.infer(variant, request), np.float64)
        found[variant] = float(np.abs(np.log(scores / (1 - scores)) - wanted).max())
    triton.close()
    print(
        json.dumps(
            {
                "samples": len(wanted),
                "reference": "NumPy, float64",
                "logit_deviation": float(wanted.std()),
                "max_abs_logit_difference": found,
            }
        )
    )


if __name__ == "__main__":
    main()
