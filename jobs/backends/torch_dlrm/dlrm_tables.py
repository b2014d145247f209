"""The embedding table on the GPU, whole or as a cache over the host's, read from the artifacts' file.

The file is float32, row-major, no header; row r has key r. A table on the GPU is float32 or fp16 (rounded to nearest).
"""

import numpy as np
import torch
import triton

import dlrm_kernels as kernels

_ROWS_AT_ONCE = 1 << 19  # 256 MiB of float32 rows
_KEYS_AT_ONCE = 256  # looked at by one program of the admission
TYPES = {"fp32": torch.float32, "fp16": torch.float16}


def open_rows(path, rows, width):
    """The file as a float32 array (rows, width), mapped and not read."""
    return np.memmap(path, dtype="<f4", mode="r", shape=(rows, width))


def _copy_rows(mapped, out, first=0):
    """Copy mapped[first : first + len(out)] into a tensor, piece by piece."""
    for start in range(0, len(out), _ROWS_AT_ONCE):
        stop = min(len(out), start + _ROWS_AT_ONCE)
        piece = np.array(mapped[first + start : first + stop])  # a mapping opened for reading is no tensor's memory
        out[start:stop].copy_(torch.from_numpy(piece).to(out.device, non_blocking=False))


class WholeTable:
    """All rows on the GPU."""

    def __init__(self, mapped, kind, device):
        self.rows = torch.empty(mapped.shape, dtype=TYPES[kind], device=device)
        _copy_rows(mapped, self.rows)

    def arguments(self):
        """What lookup_interaction is told of the table: (rows, places, host address, CACHED)."""
        return self.rows, self.rows, 0, False

    def bytes(self):
        """Bytes on the GPU, bytes of page-locked host memory."""
        return self.rows.nbytes, 0

    def after(self, keys, lows, counts, total):
        """Nothing follows a lookup."""


class PageLocked:
    """Host memory that the GPU reads in place; locked once, since that takes seconds."""

    def __init__(self, shape, dtype):
        self.rows = torch.empty(shape, dtype=dtype)
        runtime = torch.cuda.cudart()
        status = runtime.cudaHostRegister(self.rows.data_ptr(), self.rows.nbytes, 0)
        if int(status) != 0:
            raise RuntimeError(
                f"{self.rows.nbytes} bytes of host memory cannot be locked for the GPU: {status}; is ulimit -l or the"
                " container's memory too small?"
            )


class CachedTable:
    """The share of each slot's rows that fits on the GPU, over all rows in page-locked host memory.

    At first the cache holds the first rows of each slot. ``admit``: rows that were missed come in after the request, in
    place of those that came first; else the cache stays as it is. A missed row is read by the lookup itself, over the
    bus, whether it is admitted or not.
    """

    def __init__(self, mapped, kind, device, model, fraction, admit):
        rows, width = mapped.shape
        self.admit = admit
        self.host = PageLocked((rows, width), TYPES[kind])
        _copy_rows(mapped, self.host.rows)
        held = [max(1, int(count * fraction)) for count in model["cardinalities"]]
        self.capacity = sum(held)
        self.cache = torch.empty((self.capacity, width), dtype=TYPES[kind], device=device)
        self.places = torch.full((rows,), -1, dtype=torch.int32, device=device)
        self.owners = torch.empty((self.capacity,), dtype=torch.int32, device=device)
        self.cursor = torch.zeros((1,), dtype=torch.int64, device=device)
        self.turn = torch.zeros((1,), dtype=torch.int64, device=device)
        place = 0
        for first, count in zip(model["offsets"], held):
            held_rows = torch.arange(first, first + count, dtype=torch.int32, device=device)
            self.owners[place : place + count] = held_rows
            self.places[first : first + count] = torch.arange(place, place + count, dtype=torch.int32, device=device)
            _copy_rows(mapped, self.cache[place : place + count], first)
            place += count

    def arguments(self):
        return self.cache, self.places, self.host.rows.data_ptr(), True

    def bytes(self):
        beside = self.places.nbytes + self.owners.nbytes
        return self.cache.nbytes + beside, self.host.rows.nbytes

    def after(self, keys, lows, counts, total):
        """Admit what was missed; keys: int32 on the GPU, or the address of page-locked ones."""
        if not self.admit:
            return
        self.turn.copy_(self.cursor)
        kernels.admit_missed[(triton.cdiv(total, _KEYS_AT_ONCE),)](
            keys, lows, counts, self.cache, self.places, self.owners, self.cursor, self.turn,
            self.host.rows.data_ptr(), total, self.capacity,
            SLOTS=len(lows), WIDTH=self.cache.shape[1], BLOCK=_KEYS_AT_ONCE, num_warps=1,
        )  # fmt: skip
