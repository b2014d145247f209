"""How the keys of a request are drawn within a slot: uniformly, by a hit rate, or by a power law.

A drawer takes ``draw``, a function that gives numbers in [0, 1), and returns a row of the slot from 0.
"""

from __future__ import annotations

from settings import RequestKeys

UNIFORM = RequestKeys(distribution="uniform", hit_rate=1.0, cached=1.0, exponent=0.0)


def held_rows(cardinality, fraction):
    """Rows of a slot that a cache of that fraction holds at first: at least one, as in the backend torch_dlrm."""
    return max(1, int(cardinality * fraction))


def row_drawer(keys, cardinality):
    """The drawer of one slot."""
    if keys.distribution == "hit_rate":
        return _by_hit_rate(cardinality, held_rows(cardinality, keys.cached), keys.hit_rate)
    if keys.distribution == "power_law":
        return _by_power_law(cardinality, keys.exponent)
    # draw() < 1 and cardinalities are far below 2**53, so the product rounds to less than the cardinality
    return lambda draw: int(draw() * cardinality)


def _by_hit_rate(cardinality, held, hit_rate):
    if held == cardinality:
        return lambda draw: int(draw() * cardinality)

    def row_of(draw):
        if draw() < hit_rate:
            return int(draw() * held)
        return held + int(draw() * (cardinality - held))

    return row_of


def _by_power_law(cardinality, exponent):
    """x ** -exponent on [1, cardinality + 1), by the inverse of its distribution; the row is x cut, less one."""
    if exponent == 1:
        return lambda draw: min(int((cardinality + 1.0) ** draw()) - 1, cardinality - 1)
    power = 1.0 - exponent
    most = (cardinality + 1.0) ** power

    def row_of(draw):
        value = (1.0 + draw() * (most - 1.0)) ** (1.0 / power)
        return min(int(value), cardinality) - 1

    return row_of
