"""Triton's counters of one model while perf_analyzer runs: a reading right after its first request, then one a second.

perf_analyzer judges stability by client figures, three windows and their extremes; the server's own time plays no part.
These readings do: how compute infer moved from second to second, and which of it is of the windows that were kept.
"""

from __future__ import annotations

import statistics
import time

from hpsb_drift import drift
from hpsb_triton import Triton, TritonError

# Rows that evidence holds. Two neighbours become one and readings half as frequent when there are more.
MOST_ROWS = 240


class Series:
    """Readings from the start of perf_analyzer to its end; ``watch`` runs in a thread of its own.

    ``first``: the counters right after perf_analyzer's first request, or None. It starts its requests and reads the
    counters at about the same time: in some runs the first request is over by then and not in its figures. With this
    reading the two can be compared over the same requests all the same.
    """

    # Far below any request's time on a CPU; this polling ends with the first request.
    POLL_S = 0.0005

    def __init__(self, address, variant, before, every_ms=1000):
        self.first = None
        self.every_ms = every_ms
        self.rows = []
        self._address, self._variant, self._before = address, variant, before
        self._last = before
        self._started = time.monotonic()

    def watch(self, over):
        """Read until ``over`` is set or Triton is gone."""
        triton = Triton(self._address)
        try:
            self._await_first(triton, over)
            while not over.wait(self._until_next()):
                self.add(triton.statistics(self._variant))
        except TritonError:
            return
        finally:
            triton.close()

    def _await_first(self, triton, over):
        while not over.wait(self.POLL_S):
            seen = triton.statistics(self._variant)
            answered = seen["success"]["count"] - self._before["success"]["count"]
            if answered > 0:
                self.first = seen if answered == 1 else None
                return

    def _elapsed_ms(self):
        return round(1000 * (time.monotonic() - self._started))

    def _until_next(self):
        return (self.every_ms - self._elapsed_ms() % self.every_ms) / 1000

    def add(self, seen):
        """A reading; one after which nothing is new makes no row, so that the next row spans longer."""
        requests = seen["compute_infer"]["count"] - self._last["compute_infer"]["count"]
        ns = seen["compute_infer"]["ns"] - self._last["compute_infer"]["ns"]
        if requests <= 0 or ns < 0:
            return
        self._last = seen
        self.rows.append((self._elapsed_ms(), requests, ns))
        if len(self.rows) > MOST_ROWS:
            self.rows, self.every_ms = halved(self.rows), 2 * self.every_ms

    def document(self):
        """As evidence holds it."""
        return {
            "every_ms": self.every_ms,
            "at_ms": [at for at, _, _ in self.rows],
            "requests": [requests for _, requests, _ in self.rows],
            "compute_infer_ns": [ns for _, _, ns in self.rows],
        }


def halved(rows):
    """Two neighbouring rows as one, a last odd one as it is."""
    pairs = [rows[i : i + 2] for i in range(0, len(rows), 2)]
    return [(pair[-1][0], sum(row[1] for row in pair), sum(row[2] for row in pair)) for pair in pairs]


def kept(rows, printed, concurrency):
    """The rows of the windows that perf_analyzer's figures are from: all, unless it left early windows out.

    It keeps the last windows: those are the last rows with about as many requests as it printed.
    """
    total = sum(requests for _, requests, _ in rows)
    if printed is None or total - printed <= concurrency:
        return rows
    best, best_apart, held = rows[-1:], None, 0
    for at in range(len(rows) - 1, -1, -1):
        held += rows[at][1]
        apart = abs(held - printed)
        if best_apart is None or apart < best_apart:
            best, best_apart = rows[at:], apart
    return best


def windows_of(rows):
    """What the rows say of the measurement, as evidence holds it; None without rows."""
    if not rows:
        return None
    requests = sum(count for _, count, _ in rows)
    means = [ns / count / 1000 for _, count, ns in rows]
    p, share = drift([at for at, _, _ in rows], means)
    return {
        "n": len(rows),
        "requests": requests,
        "mean_us": sum(ns for _, _, ns in rows) / requests / 1000,
        "sd_us": statistics.stdev(means) if len(means) > 1 else None,
        "drift_p": p,
        "drift_share": share,
    }
