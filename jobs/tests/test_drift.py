"""The drift test against exact probabilities, and on series whose answer is known."""

import random
import unittest

import support  # noqa: F401 - puts jobs/ on the path
from hpsb_drift import FEWEST, drift, mann_kendall, theil_sen


def exact(n, score):
    """Two-sided probability that the Mann-Kendall score of n values without ties is at least this far from zero.

    By counting permutations by their inversions (Mahonian numbers): the score is n(n-1)/2 - 2 x inversions.
    """
    counts = [1]
    for size in range(2, n + 1):
        wider = [0] * (len(counts) + size - 1)
        for at, count in enumerate(counts):
            for more in range(size):
                wider[at + more] += count
        counts = wider
    pairs = n * (n - 1) // 2
    return sum(count for at, count in enumerate(counts) if abs(pairs - 2 * at) >= abs(score)) / sum(counts)


class MannKendallTest(unittest.TestCase):
    def test_is_near_the_exact_probability_from_the_fewest_values_on(self):
        order = random.Random(1)
        for n in (FEWEST, 10, 15, 25):
            for _ in range(50):
                values = order.sample(range(n), n)
                score = sum((b > a) - (b < a) for i, a in enumerate(values) for b in values[i + 1 :])
                self.assertAlmostEqual(mann_kendall(values), exact(n, score), delta=0.02, msg=f"{n}, {score}")

    def test_says_nothing_for_fewer(self):
        self.assertIsNone(mann_kendall(range(FEWEST - 1)))
        self.assertEqual(drift(list(range(7)), list(range(7))), (None, None))

    def test_is_sure_of_a_steady_rise_whatever_an_outlier_does(self):
        self.assertLess(mann_kendall([*range(9), 1000, *range(9, 15)]), 0.001)

    def test_finds_no_drift_where_all_values_are_equal(self):
        self.assertEqual(drift(list(range(10)), [5.0] * 10), (1.0, 0.0))

    def test_raises_a_false_alarm_about_as_often_as_it_says(self):
        noise = random.Random(7)
        alarms = sum(mann_kendall([noise.gauss(100, 2) for _ in range(18)]) < 0.01 for _ in range(4000))
        self.assertLess(alarms, 80)
        self.assertGreater(alarms, 15)


class TheilSenTest(unittest.TestCase):
    def test_is_the_slope_of_a_line_with_an_outlier(self):
        times = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
        values = [10 + 2 * time for time in times]
        values[4] = 1000
        self.assertAlmostEqual(theil_sen(times, values), 2)

    def test_gives_the_drift_as_a_share_of_the_median(self):
        times = [1000 * second for second in range(1, 11)]
        _, share = drift(times, [100 + second for second in range(10)])
        self.assertAlmostEqual(share, 9 / 104.5)


if __name__ == "__main__":
    unittest.main()
