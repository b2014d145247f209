"""When a cell has had enough repeats: the rule of src/verdict/next-action.ts against published figures.

``measure.adaptive`` holds the table of boundaries and the references (src/adaptive); None: every repeat is made. The
evidence with which a cell was decided says so, and from it the ledger that the repeats not made were not needed.
"""

from __future__ import annotations

import math
import statistics

from hpsb_evidence import owes_nothing, printed_requests

# Degrees of freedom below which a spread is not known well enough to give a cell up.
_FUTILITY_NEEDS = 8


def next_action(values, reference, table):
    """ "continue", or the verdict that is certain by now: reproduced, regressed, improved, or inconclusive.

    values: figures above 0 in the order of the repeats. reference: logarithm of the published figure.
    """
    last = table["looks"][-1]
    n = len(values)
    look = next((look for look in table["looks"] if look["repeats"] == min(n, last["repeats"])), None)
    if look is None:
        return "continue"
    logs = [math.log(value) for value in values]
    effect, variance = statistics.fmean(logs) - reference, statistics.variance(logs)
    error = math.sqrt(variance / n)
    if abs(effect) + look["same"] * error <= table["margin"]:
        return "reproduced"
    if look["different"] is not None and abs(effect) >= table["margin"] + look["different"] * error:
        return "regressed" if effect > 0 else "improved"
    if look is last or _futile(effect, variance, n, last, table):
        return "inconclusive"
    return "continue"


def _futile(effect, variance, n, last, table):
    """Whether the effect at the last look, as it is to be expected from now, will hardly allow a verdict."""
    if n - 1 < _FUTILITY_NEEDS or last["different"] is None:
        return False
    error = math.sqrt(variance / last["repeats"])
    same_within = max(0.0, table["margin"] - last["same"] * error)
    different_from = table["margin"] + last["different"] * error
    spread = math.sqrt(variance * (1 / n - 1 / last["repeats"]))
    if spread == 0:
        return False

    def below(limit):
        return (1 + math.erf((limit - effect) / spread / math.sqrt(2))) / 2

    chance = below(same_within) - below(-same_within) + below(-different_from) + 1 - below(different_from)
    return chance < table["futile_below"]


def figure_of(evidence):
    """Mean compute infer in us as the judge takes it."""
    before, after = evidence["statistics"]["before"], evidence["statistics"]["after"]
    printed = printed_requests(evidence["text"])
    answered = after["success"]["count"] - before["success"]["count"]
    left_out = (
        evidence["mode"] == "time_windows" and printed is not None and answered - printed > evidence["concurrency"]
    )
    if left_out and evidence.get("windows"):
        return evidence["windows"]["mean_us"]
    count = after["compute_infer"]["count"] - before["compute_infer"]["count"]
    return (after["compute_infer"]["ns"] - before["compute_infer"]["ns"]) / count / 1000


def enough(table, there, cell):
    """{"repeats", "verdict"} of a cell that needs no more repeats; None for any other.

    there: evidence documents. cell: an item or evidence that names it.
    """
    reference = None if table is None else table["references"].get(_key(cell))
    if reference is None or cell.get("role", "cell") != "cell":
        return None
    counted = [one for one in there if _key(one) == _key(cell) and one.get("role", "cell") == "cell"]
    counted = [one for one in counted if owes_nothing(one)]
    values = [figure_of(one) for one in sorted(counted, key=lambda one: one["repeat"])]
    for repeats in range(1, len(values) + 1):
        action = next_action(values[:repeats], reference, table)
        if action != "continue":
            return {"repeats": repeats, "verdict": action}
    return None


def needed(table, there, owed):
    """Of what is owed that which a verdict still needs; with a table only one repeat at a time."""
    if table is None:
        return owed
    still = [item for item in owed if enough(table, there, item) is None]
    repeats = [item["repeat"] for item in still if item.get("role", "cell") == "cell"]
    return [item for item in still if item.get("role", "cell") != "cell" or item["repeat"] == min(repeats)]


def _key(item):
    return "{}/{}".format(item["variant"], item["batch"])
