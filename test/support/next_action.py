"""nextAction of src/verdict in Python, from the same table: a test holds the two together.

Reads lines of JSON {"values", "reference", "table"} and answers each with {"action", "verdict"}.
"""

import json
import math
import statistics
import sys

CLIP_AT = 3
FEWEST_TO_CLIP = 5
FUTILITY_NEEDS = 8


def next_action(values, reference, table):
    looks = table["looks"]
    last = looks[-1]
    look = next((item for item in looks if item["repeats"] == min(len(values), last["repeats"])), None)
    if look is None:
        return None
    logs = [math.log(value) for value in values]
    n = len(logs)
    if n >= FEWEST_TO_CLIP and reference["deviation"] > 0:
        middle, limit = statistics.median(logs), CLIP_AT * reference["deviation"]
        logs = [min(middle + limit, max(middle - limit, log)) for log in logs]
    mean = sum(logs) / n
    squares = sum((log - mean) ** 2 for log in logs)
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
