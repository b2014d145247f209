"""Does a short series drift? Mann-Kendall test and Theil-Sen slope: no distribution assumed, outliers tolerated.

H. B. Mann, "Nonparametric tests against trend", Econometrica 13 (1945); M. G. Kendall, "Rank Correlation Methods"
(1975): the variance with ties; P. K. Sen, "Estimates of the regression coefficient based on Kendall's tau", JASA 63
(1968).
"""

from __future__ import annotations

import math
from collections import Counter
from itertools import combinations
from statistics import median

# Below it the normal approximation of the statistic is too coarse for small p, and nothing is said.
FEWEST = 8


def mann_kendall(values):
    """Two-sided p of the test that the values neither rise nor fall; None for fewer than FEWEST."""
    n = len(values)
    if n < FEWEST:
        return None
    score = sum((later > earlier) - (later < earlier) for earlier, later in combinations(values, 2))
    ties = sum(t * (t - 1) * (2 * t + 5) for t in Counter(values).values())
    variance = (n * (n - 1) * (2 * n + 5) - ties) / 18
    if variance == 0 or score == 0:
        return 1.0
    # The score moves in steps of two, so one is taken off (continuity correction).
    return math.erfc((abs(score) - 1) / math.sqrt(variance) / math.sqrt(2))


def theil_sen(times, values):
    """Median of the slopes between all pairs; ``times`` rise."""
    points = list(zip(times, values))
    return median((y1 - y0) / (x1 - x0) for (x0, y0), (x1, y1) in combinations(points, 2))


def drift(times, values):
    """(p, share): how sure a drift is, and its size from the first to the last time as a share of the median.

    (None, None) for too few values to tell.
    """
    p = mann_kendall(values)
    centre = median(values) if values else 0
    if p is None or centre <= 0:
        return None, None
    return p, theil_sen(times, values) * (times[-1] - times[0]) / centre
