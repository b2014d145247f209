"""CRC-32C (Castagnoli) of large data, with numpy alone: TensorFlow checks it when it loads a checkpoint.

Byte by byte it would take half an hour for a table. Here the message is first made short without changing its CRC. A
CRC is a remainder modulo a polynomial P over GF(2), so a multiple of P may be added anywhere. x**6777 + x**484 +
x**100 + 1 is a multiple of CRC-32C's P (found by search), and so is its 64th power, whose exponents are 64 times as
large: the first 64-bit word of a message may be removed if it is added (XOR) to the words 6777 - 484, 6777 - 100 and
6777 further on. That is three vector operations for 6293 words at a time, until 6777 are left for the usual table.
"""

from __future__ import annotations

import numpy as np

_DEGREE, _TERMS = 6777, (484, 100, 0)
_SHIFTS = tuple(_DEGREE - term for term in _TERMS)  # in words
_STRIDE = min(_SHIFTS)  # words that can be removed at once: the first place that they are added to lies behind them
_REFLECTED = 0x82F63B78
_ALL_ONES = 0xFFFFFFFF


def _byte_table():
    table = []
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = (value >> 1) ^ (_REFLECTED if value & 1 else 0)
        table.append(value)
    return table


_TABLE = _byte_table()


def _bytewise(data, value):
    for byte in data:
        value = _TABLE[(value ^ byte) & 0xFF] ^ (value >> 8)
    return value


def crc32c(data):
    """CRC-32C of a short text of bytes."""
    return _bytewise(data, _ALL_ONES) ^ _ALL_ONES


def masked(value):
    """The form in which TensorFlow stores a CRC, so that data with CRCs inside keeps a good CRC (LevelDB's mask)."""
    return (((value >> 15) | (value << 17)) + 0xA282EAD8) & _ALL_ONES


class Crc32c:
    """CRC-32C of what ``update`` is given, piece after piece."""

    def __init__(self):
        self._words = np.empty(0, "<u8")  # what is left of the message so far
        self._tail = b""  # bytes behind the last whole word
        self._work = np.empty(0, "<u8")
        self._started = False

    def update(self, data):
        """Take the next bytes: anything with the buffer protocol, contiguous. It is not changed."""
        given = memoryview(data).cast("B")
        if self._tail:
            given = memoryview(self._tail + bytes(given))
        whole = len(given) // 8
        self._tail = bytes(given[whole * 8 :])
        if whole:
            self._fold(np.frombuffer(given, "<u8", whole))

    def _fold(self, words):
        before = len(self._words)
        total = before + len(words)
        if len(self._work) < total:
            self._work = np.empty(total, "<u8")
        work = self._work[:total]
        work[:before] = self._words
        work[before:] = words
        if not self._started:
            work[0] ^= np.uint64(_ALL_ONES)  # a register that starts with ones is a message whose first 32 bits turn
            self._started = True
        removed = max(0, total - _DEGREE)
        for first in range(0, removed, _STRIDE):
            last = min(first + _STRIDE, removed)
            for shift in _SHIFTS:
                place = work[first + shift : last + shift]
                np.bitwise_xor(place, work[first:last], out=place)
        self._words = work[removed:].copy()

    def value(self):
        """The CRC of everything so far."""
        return _bytewise(self._words.tobytes() + self._tail, 0 if self._started else _ALL_ONES) ^ _ALL_ONES
