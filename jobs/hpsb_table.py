"""Writes the embedding table as the parameter server reads it: ``key`` (int64), ``emb_vector`` (float32), no headers.

Both are little-endian and row-major; row r has key r. Written in pieces of 4 MiB that are drawn by two threads ahead of
the one that writes and digests, so that memory stays at a few pieces whatever the size of the table.
"""

from __future__ import annotations

import hashlib
from collections import deque
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from hpsb_seeded import BLOCK_ROWS, table_block

_AHEAD = 4


def write_keys(path, rows):
    """Write the keys 0 .. rows-1; returns the file's SHA-256."""
    digest = hashlib.sha256()
    step = 1 << 19
    with path.open("wb") as file:
        for start in range(0, rows, step):
            data = np.arange(start, min(rows, start + step), dtype="<i8").data
            digest.update(data)
            file.write(data)
    return digest.hexdigest()


def write_vectors(path, model, at):
    """Write all rows of the table, calling ``at(rows done)``; returns the file's SHA-256."""
    table = model.table

    def draw(block):
        rows = min(BLOCK_ROWS, model.rows - block * BLOCK_ROWS)
        return table_block(model.seed, block, rows, model.embedding_width, table.low, table.high)

    digest = hashlib.sha256()
    blocks = iter(range(-(-model.rows // BLOCK_ROWS)))
    with ThreadPoolExecutor(2) as pool, path.open("wb", buffering=0) as file:
        pending = deque(pool.submit(draw, block) for _, block in zip(range(_AHEAD), blocks))
        done = 0
        while pending:
            piece = pending.popleft().result()
            following = next(blocks, None)
            if following is not None:
                pending.append(pool.submit(draw, following))
            digest.update(piece.data)
            _write_all(file, piece.data.cast("B"))
            done += len(piece)
            at(done)
    return digest.hexdigest()


def _write_all(file, data):
    while data:  # an unbuffered write may take less than it was given
        data = data[file.write(data) :]
