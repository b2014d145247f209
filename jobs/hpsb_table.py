"""Writes the embedding table as the parameter server reads it: ``key`` (int64), ``emb_vector`` (float32), no headers.

Both are little-endian and row-major; row r has key r. The vectors go through a ring of a few pieces of 8192 rows (4 MiB
at width 128): drawn by threads ahead, written by one, digested by two more (SHA-256 for the manifest, CRC-32C for the
checkpoint that holds the same file). Memory stays at the ring, whatever the size of the table.

Written past the page cache where the file system can (O_DIRECT): twice as fast on a cloud disk and no dirty pages that
the rest of the machine has to wait for.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import mmap
import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import numpy as np
from hpsb_crc32c import Crc32c
from hpsb_seeded import BLOCK_ROWS, fill_block

_DIRECT = getattr(os, "O_DIRECT", 0)
_DIRECT_UNIT = 4096  # sizes and places that any file system takes for direct writes
_MOST_DRAWERS = 4  # SHA-256 is the slowest step that cannot be shared: more would only wait for it


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


class _DirectFile:
    """A new file written from its beginning, direct where that works; ``write`` takes page-aligned memory."""

    def __init__(self, path):
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_CLOEXEC", 0)
        try:
            self.number = os.open(path, flags | _DIRECT, 0o644)
        except OSError as problem:
            if problem.errno != errno.EINVAL:  # such as a tmpfs
                raise
            self.number = os.open(path, flags, 0o644)

    def _buffered(self):
        fcntl.fcntl(self.number, fcntl.F_SETFL, fcntl.fcntl(self.number, fcntl.F_GETFL) & ~_DIRECT)

    def write(self, data):
        """Write all of the memory."""
        data = memoryview(data).cast("B")
        while data:
            whole = len(data) - len(data) % _DIRECT_UNIT
            if not whole:  # the end of the file
                self._buffered()
            try:
                written = os.write(self.number, data[:whole] if whole else data)
            except OSError as problem:
                if problem.errno != errno.EINVAL:
                    raise
                self._buffered()
                written = os.write(self.number, data)
            if written % _DIRECT_UNIT:
                self._buffered()
            data = data[written:]


@contextmanager
def _direct_file(path):
    file = _DirectFile(path)
    try:
        yield file
        os.fsync(file.number)
    finally:
        os.close(file.number)


def _ring(width, pieces):
    """Arrays of 8192 rows, each at the start of a page, so that they can be written directly."""
    mappings = (mmap.mmap(-1, BLOCK_ROWS * width * 4) for _ in range(pieces))
    return deque(np.frombuffer(mapping, "<f4").reshape(BLOCK_ROWS, width) for mapping in mappings)


class _Digests:
    """SHA-256 and CRC-32C of pieces in order, each by a thread of its own."""

    def __init__(self):
        self.sha, self.crc = hashlib.sha256(), Crc32c()
        self._threads = [ThreadPoolExecutor(1), ThreadPoolExecutor(1)]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for thread in self._threads:
            thread.shutdown()

    def submit(self, data):
        """Begin with a piece; returns the two jobs."""
        return [self._threads[0].submit(self.sha.update, data), self._threads[1].submit(self.crc.update, data)]


def write_vectors(path, model, at):
    """Write all rows of the table, calling ``at(rows done)``, which may raise; returns (SHA-256 in hex, CRC-32C)."""
    table = model.table
    drawers = min(_MOST_DRAWERS, len(os.sched_getaffinity(0)))

    def draw(memory, block):
        piece = memory[: min(BLOCK_ROWS, model.rows - block * BLOCK_ROWS)]
        fill_block(piece, model.seed, block, table.low, table.high)
        return piece

    blocks = deque(range(-(-model.rows // BLOCK_ROWS)))
    free = _ring(model.embedding_width, drawers + 3)
    drawing, digesting = deque(), deque()
    done = 0
    with ThreadPoolExecutor(drawers) as pool, _Digests() as digests, _direct_file(path) as file:
        while blocks or drawing:
            while free and blocks:
                memory = free.popleft()
                drawing.append((memory, pool.submit(draw, memory, blocks.popleft())))
            memory, drawn = drawing.popleft()
            piece = drawn.result()
            digesting.append((memory, digests.submit(piece.data)))
            file.write(piece.data)
            done += len(piece)
            at(done)
            # Written memory is free when it is digested too. Wait for that only where there is nothing else to do.
            while digesting and (all(job.done() for job in digesting[0][1]) or not (free or drawing)):
                memory, jobs = digesting.popleft()
                for job in jobs:
                    job.result()
                free.append(memory)
    for job in (job for _, jobs in digesting for job in jobs):
        job.result()
    return digests.sha.hexdigest(), digests.crc.value()
