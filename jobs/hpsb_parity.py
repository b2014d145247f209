"""Do all variants give the same scores for the same request? Asked before anything is timed."""

# A score that is the same for every sample says nothing about a variant: the check would pass on any model.
SMALLEST_SPREAD = 1e-6


def compare(scores, limit):
    """Compares every variant's scores with the first one's.

    scores: {variant: [float, ...]} in the order asked, all of one length. limit: largest difference accepted.
    Returns the parity document; ``ok`` says whether every variant is within the limit and the scores are not saturated.
    """
    reference = next(iter(scores))
    rows, problems = [], []
    for variant, values in scores.items():
        bad = [value for value in values if not 0.0 <= value <= 1.0]
        worst = max(abs(a - b) for a, b in zip(values, scores[reference]))
        rows.append(
            {"variant": variant, "max_abs_difference": worst, "score_min": min(values), "score_max": max(values)}
        )
        if bad:
            problems.append(
                f"{variant}: {len(bad)} of {len(values)} scores are no probabilities, the first is {bad[0]}"
            )
        if not worst <= limit:
            problems.append(f"{variant} differs from {reference} by {worst:.3g}, allowed is {limit:.3g}")
        if len(values) > 1 and max(values) - min(values) < SMALLEST_SPREAD:
            problems.append(f"{variant}: all scores are {values[0]:.6f}, so the comparison would prove nothing")
        if min(values) > 0.999 or max(values) < 0.001:
            problems.append(f"{variant}: the sigmoid is saturated ({min(values):.6f} to {max(values):.6f})")
    return {"reference": reference, "limit": limit, "rows": rows, "problems": problems, "ok": not problems}
