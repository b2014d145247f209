"""nextAction of src/verdict in Python, from the same table: a test holds the two together.

Reads lines of JSON {"values", "reference", "table"} and answers each with {"action", "verdict"}.
"""

import json
import math
import statistics
import sys

FULL_TO = 3
NONE_FROM = 6
MOST_STRAYS = 0.2
FEWEST_TO_WEIGH = 5
STEPS = 20
SMALLEST_STEP = 1e-9
FUTILITY_NEEDS = 8


def pull(distance, scale):
    size = abs(distance)
    if size <= FULL_TO * scale:
        return distance
    if size >= NONE_FROM * scale:
        return 0.0
    return math.copysign(FULL_TO * (NONE_FROM * scale - size) / (NONE_FROM - FULL_TO), distance)


def robust_moments(logs, scale):
    """Centre, sum of squares around it, and how many values they rest on."""
    n = len(logs)
    if n < FEWEST_TO_WEIGH or scale == 0:
        return moments(logs)
    start = centre = statistics.median(logs)
    count = n
    for _ in range(STEPS):
        count = sum(abs(log - centre) < NONE_FROM * scale for log in logs)
        if n - count > MOST_STRAYS * n:
            limit = FULL_TO * scale
            return moments([min(start + limit, max(start - limit, log)) for log in logs])
        step = sum(pull(log - centre, scale) for log in logs) / count
        centre += step
        if abs(step) < SMALLEST_STEP * scale:
            break
    return centre, sum(pull(log - centre, scale) ** 2 for log in logs), count


def moments(logs):
    mean = sum(logs) / len(logs)
    return mean, sum((log - mean) ** 2 for log in logs), len(logs)


def next_action(values, reference, table):
    looks = table["looks"]
    last = looks[-1]
    look = next((item for item in looks if item["repeats"] == min(len(values), last["repeats"])), None)
    if look is None:
        return None
    logs = [math.log(value) for value in values]
    mean, squares, n = robust_moments(logs, reference["deviation"])
    df = reference["degreesOfFreedom"] + n - 1
    variance = (reference["degreesOfFreedom"] * reference["deviation"] ** 2 + squares) / df
    published = reference["repeats"] is None
    of_reference = 0 if published else 1 / reference["repeats"]
    effect = mean - reference["logMean"]

    def standard_error(repeats):
        return math.sqrt(variance * (1 / repeats + of_reference))

    def different_from(reach):
        return table["margin"] + reach if published else max(table["negligible"], reach)

    error = standard_error(n)
    if abs(effect) + look["same"] * error <= table["margin"]:
        return "reproduced" if published else "same"
    if look["different"] is not None and abs(effect) >= different_from(look["different"] * error):
        return "regressed" if effect > 0 else "improved"
    if look is last:
        return "inconclusive"
    spread = math.sqrt(variance * (1 / n - 1 / last["repeats"]))
    if df < FUTILITY_NEEDS or spread == 0:
        return None
    within = max(0, table["margin"] - last["same"] * standard_error(last["repeats"]))
    beyond = different_from(last["different"] * standard_error(last["repeats"]))
    below = statistics.NormalDist(effect, spread).cdf
    chance = below(within) - below(-within) + below(-beyond) + 1 - below(beyond)
    return "inconclusive" if chance < table["futileBelow"] else None


for line in sys.stdin:
    case = json.loads(line)
    verdict = next_action(case["values"], case["reference"], case["table"])
    print(json.dumps({"action": "continue"} if verdict is None else {"action": "stop", "verdict": verdict}))
