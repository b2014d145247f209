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
_TILE = 1 << 15  # values converted at once: they stay in the processor's cache, which makes it twice as fast


def _bits(seed, stream, index):
    return np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(stream, index)))


def _words(seed, stream, index, count):
    return _bits(seed, stream, index).random_raw(count).astype("<u8", copy=False)


def _to_range(halves, out, low, high):
    """32-bit words (overwritten) to values in ``out``, one IEEE operation after the other."""
    np.right_shift(halves, np.uint32(8), out=halves)
    np.copyto(out, halves, casting="unsafe")  # 24 bits: exact in float32
    np.multiply(out, np.float32(2.0**-24), out=out)
    np.multiply(out, np.float32(high) - np.float32(low), out=out)
    np.add(out, np.float32(low), out=out)


def fill_block(out, seed, block, low, high):
    """Draw rows [block * 8192, block * 8192 + rows) of the table into ``out``: float32 (rows, width), rows <= 8192."""
    bits = _bits(seed, _TABLE, block)
    flat = out.reshape(-1)
    for start in range(0, len(flat), _TILE):
        tile = flat[start : start + _TILE]
        halves = bits.random_raw(-(-len(tile) // 2)).astype("<u8", copy=False).view("<u4")[: len(tile)]
        _to_range(halves, tile, low, high)


def table_rows(seed, start, stop, width, low, high):
    """Rows [start, stop) of the table, for any range: float32 (stop - start, width)."""
    out = np.empty((stop - start, width), "<f4")
    row = start
    while row < stop:
        block, skipped = divmod(row, BLOCK_ROWS)
        last = min(stop, (block + 1) * BLOCK_ROWS)
        words, odd = divmod(skipped * width, 2)
        bits = _bits(seed, _TABLE, block).advance(words)
        values = (last - row) * width
        drawn = bits.random_raw(-(-(values + odd) // 2)).astype("<u8", copy=False).view("<u4")[odd : odd + values]
        _to_range(drawn, out[row - start : last - start].reshape(-1), low, high)
        row = last
    return out


def rows_of_keys(seed, keys, width, low, high):
    """The table's rows of int keys of any shape: float32 (*keys.shape, width). For thousands of keys, not millions."""
    found, places = np.unique(keys, return_inverse=True)
    rows = np.concatenate([table_rows(seed, int(key), int(key) + 1, width, low, high) for key in found])
    return rows[places.reshape(-1)].reshape(*keys.shape, width)


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
