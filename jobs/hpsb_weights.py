"""The dense weights as one plain file, and the DLRM in NumPy: what needs no TensorFlow (numpy only).

The numbers are those that hpsb_dlrm.py gives the layers of the TensorFlow models: the same seeds, the same code.
"""

from __future__ import annotations

import numpy as np
from hpsb_seeded import glorot_uniform, rows_of_keys, sample_batch


def dense_weights(model):
    """[bottom, top], each a list of (kernel float32 (inputs, outputs), bias float32 (outputs,)): zero biases."""
    slots = len(model.cardinalities)
    inputs = (model.dense_features, model.embedding_width + slots * (slots + 1) // 2)
    halves, layer = [], 0
    for first, units in zip(inputs, (model.bottom_mlp, model.top_mlp)):
        half = []
        for entering, leaving in zip((first, *units), units):
            half.append((glorot_uniform(model.seed, layer, entering, leaving), np.zeros(leaving, np.float32)))
            layer += 1
        halves.append(half)
    return halves


def write_weights(path, model):
    """Write an .npz of bottom_layers, bottom_0_kernel, bottom_0_bias ... top_4_bias; the same bytes every time."""
    arrays = {}
    for name, half in zip(("bottom", "top"), dense_weights(model)):
        arrays[f"{name}_layers"] = np.int64(len(half))
        for index, (kernel, bias) in enumerate(half):
            arrays[f"{name}_{index}_kernel"], arrays[f"{name}_{index}_bias"] = kernel, bias
    with path.open("wb") as file:
        np.savez(file, **arrays)


def logits(rows, dense, weights):
    """The model up to its sigmoid: rows (N, slots, width), dense (N, features), weights as above; returns (N,).

    Computed in the type of ``rows``: pass float64 for a reference.
    """
    kind = rows.dtype
    bottom, top = ([(kernel.astype(kind), bias.astype(kind)) for kernel, bias in half] for half in weights)
    x = dense.astype(kind)
    for kernel, bias in bottom:
        x = np.maximum(x @ kernel + bias, 0)
    vectors = np.concatenate([rows, x[:, None]], axis=1)
    products = vectors @ vectors.transpose(0, 2, 1)
    second, first = np.tril_indices(vectors.shape[1], -1)  # pairs i < j, ordered by j, then i
    y = np.concatenate([x, products[:, first, second]], axis=1)
    for kernel, bias in top[:-1]:
        y = np.maximum(y @ kernel + bias, 0)
    kernel, bias = top[-1]
    return (y @ kernel + bias)[:, 0]


def score_statistics(model, samples):
    """Scores of a seeded batch, as hpsb_models.py reports them: do they spread, and do the keys alone move them?"""
    table, weights = model.table, dense_weights(model)
    keys, dense = sample_batch(model.seed, model.offsets, model.cardinalities, model.dense_features, samples)
    rows = rows_of_keys(model.seed, keys, model.embedding_width, table.low, table.high)

    def scores(values):
        return 1 / (1 + np.exp(-logits(rows, values, weights)))

    seen, by_keys = scores(dense), scores(np.repeat(dense[:1], samples, axis=0))
    return {
        "samples": samples,
        "min": float(seen.min()),
        "max": float(seen.max()),
        "std": float(seen.std(dtype=np.float64)),
        "std_by_keys_alone": float(by_keys.std(dtype=np.float64)),
    }
