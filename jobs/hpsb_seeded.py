"""Random numbers that are the same bytes on every machine, whatever the chunk size.

NumPy promises the raw bit streams of PCG64 and the mixing of SeedSequence, but not what its distributions make of them,
so only raw bits are taken here and turned into floats by single IEEE operations.

The table is cut into logical blocks of 8192 rows. Block b has its own PCG64, seeded by SeedSequence(seed,
spawn_key=(1, b)). Each 64-bit word gives two floats, low half first: the upper 24 bits of a half, times 2**-24, is u in
[0, 1), and the value is u * (high - low) + low, each step in float32. So any range of rows can be made alone, in any
order, by any number of threads.
"""

from __future__ import annotations

import math

import numpy as np

BLOCK_ROWS = 8192
_TABLE, _DENSE, _SAMPLE = 1, 2, 3


def _words(seed, stream, index, count):
    bits = np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(stream, index)))
    return bits.random_raw(count).astype("<u8", copy=False)


def table_block(seed, block, rows, width, low, high):
    """Rows [block * 8192, block * 8192 + rows) of the table: float32 (rows, width), rows <= 8192."""
    values = rows * width
    halves = _words(seed, _TABLE, block, (values + 1) // 2).view("<u4")[:values]
    drawn = (halves >> np.uint32(8)).astype("<f4")
    drawn *= np.float32(2.0**-24)
    drawn *= np.float32(high) - np.float32(low)
    drawn += np.float32(low)
    return drawn.reshape(rows, width)


def table_rows(seed, start, stop, width, low, high):
    """Rows [start, stop) of the table, for any range: float32 (stop - start, width)."""
    pieces = []
    for block in range(start // BLOCK_ROWS, -(-stop // BLOCK_ROWS)):
        first = block * BLOCK_ROWS
        last = min(stop, first + BLOCK_ROWS)
        whole = table_block(seed, block, last - first, width, low, high)
        pieces.append(whole[max(start - first, 0) :])
    return np.concatenate(pieces) if pieces else np.empty((0, width), "<f4")


def _unit_doubles(seed, stream, index, count):
    return (_words(seed, stream, index, count) >> np.uint64(11)).astype(np.float64) * 2.0**-53


def glorot_uniform(seed, layer, inputs, units):
    """Kernel of dense layer number ``layer``: float32 (inputs, units), Glorot uniform (limit sqrt(6 / (in + out)))."""
    drawn = _unit_doubles(seed, _DENSE, layer, inputs * units)
    limit = math.sqrt(6.0 / (inputs + units))
    return ((2.0 * drawn - 1.0) * limit).astype(np.float32).reshape(inputs, units)


def sample_batch(seed, offsets, cardinalities, dense_features, samples):
    """A batch for looking at scores: keys int32 (samples, slots) in range, dense values float32 in [0, 9)."""
    slots = len(cardinalities)
    drawn = _unit_doubles(seed, _SAMPLE, 0, samples * slots).reshape(samples, slots)
    keys = np.floor(drawn * np.asarray(cardinalities, np.float64)) + np.asarray(offsets, np.float64)
    dense = _unit_doubles(seed, _SAMPLE, 1, samples * dense_features).reshape(samples, dense_features)
    return keys.astype(np.int32), (dense * 9.0).astype(np.float32)
