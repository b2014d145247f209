"""Triton's counters from second to second: which readings become rows, and which rows belong to the figures."""

import unittest

import support  # noqa: F401 - puts jobs/ on the path
from hpsb_series import MOST_ROWS, Series, halved, kept, windows_of


def counters(count, ns):
    return {"success": {"count": count}, "compute_infer": {"count": count, "ns": ns}}


class SeriesTest(unittest.TestCase):
    def setUp(self):
        self.series = Series("127.0.0.1:1", "a", counters(5, 5000))

    def test_differences_add_up_to_what_happened_between_the_first_reading_and_the_last(self):
        for count, ns in ((8, 9000), (9, 9500), (20, 30000)):
            self.series.add(counters(count, ns))
        document = self.series.document()
        self.assertEqual(document["requests"], [3, 1, 11])
        self.assertEqual(document["compute_infer_ns"], [4000, 500, 20500])

    def test_a_second_without_an_answer_makes_no_row_and_the_next_row_spans_longer(self):
        for count in (6, 6, 6, 7):
            self.series.add(counters(count, 1000 * count))
        self.assertEqual(self.series.document()["requests"], [1, 1])

    def test_counters_that_went_back_make_no_row(self):
        self.series.add(counters(2, 100))
        self.assertEqual(self.series.rows, [])

    def test_holds_no_more_rows_than_evidence_has_room_for_and_loses_no_request(self):
        for second in range(3 * MOST_ROWS):
            self.series.add(counters(6 + second, 6000 + second))
        document = self.series.document()
        self.assertLessEqual(len(document["requests"]), MOST_ROWS)
        self.assertEqual(sum(document["requests"]), 3 * MOST_ROWS)
        self.assertGreaterEqual(document["every_ms"], 2000)

    def test_two_neighbours_become_one(self):
        self.assertEqual(halved([(1, 2, 3), (2, 3, 4), (3, 4, 5)]), [(2, 5, 7), (3, 4, 5)])


class KeptTest(unittest.TestCase):
    rows = tuple((1000 * second, 10, 10_000) for second in range(1, 11))

    def test_all_rows_belong_to_figures_of_all_requests(self):
        for printed in (None, 100, 99):
            self.assertEqual(kept(self.rows, printed, 1), self.rows)

    def test_only_the_last_rows_belong_to_figures_of_the_last_windows(self):
        for printed in (60, 58, 63):
            self.assertEqual(kept(self.rows, printed, 1), self.rows[4:], printed)


class WindowsTest(unittest.TestCase):
    def test_are_means_over_requests_not_over_seconds(self):
        found = windows_of([(1000, 1, 5_000_000), (2000, 3, 3_000_000)])
        self.assertEqual((found["n"], found["requests"], found["mean_us"]), (2, 4, 2000.0))
        self.assertIsNone(found["drift_p"])

    def test_of_nothing_are_nothing(self):
        self.assertIsNone(windows_of([]))
        self.assertIsNone(windows_of([(1000, 1, 5_000_000)])["sd_us"])

    def test_show_a_drift(self):
        found = windows_of([(1000 * s, 10, 10 * (1_000_000 + 10_000 * s)) for s in range(1, 13)])
        self.assertLess(found["drift_p"], 0.01)
        self.assertAlmostEqual(found["drift_share"], 0.11 / 1.065, places=6)


if __name__ == "__main__":
    unittest.main()
