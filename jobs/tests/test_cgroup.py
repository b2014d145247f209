"""Where the kernel counts that a container was held back, and what the counts mean."""

import unittest
from pathlib import Path

import support
from hpsb_cgroup import read_cpu_stat, throttling

VERSION_2 = "usage_usec 104361974\nnr_periods 120\nnr_throttled 7\nthrottled_usec 350000\nnr_bursts 0\n"
VERSION_1 = "nr_periods 120\nnr_throttled 7\nthrottled_time 350000000\nnr_bursts 0\nburst_time 0\n"


class CpuStatTest(support.FolderCase):
    def put(self, path, text):
        file = self.folder / path / "cpu.stat"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def read(self, own):
        found = read_cpu_stat(own, self.folder)
        return found and (found["periods"], found["throttled_periods"], found["throttled_us"])

    def test_is_found_where_the_group_is_and_at_the_mount_of_a_container(self):
        self.put("pods/a", VERSION_2)
        self.assertEqual(self.read("0::/pods/a\n"), (120, 7, 350_000))
        self.put(".", VERSION_2.replace(" 7\n", " 8\n"))
        self.assertEqual(self.read("0::/\n"), (120, 8, 350_000))
        self.assertEqual(self.read("0::/../../elsewhere\n"), (120, 8, 350_000))

    def test_is_read_from_version_1_in_nanoseconds(self):
        self.put("cpu,cpuacct/kubepods/a", VERSION_1)
        own = "9:name=systemd:/x\n2:cpu,cpuacct:/kubepods/a\n0::/\n"
        self.assertEqual(self.read(own), (120, 7, 350_000))

    def test_is_nothing_where_the_group_counts_nothing(self):
        self.put(".", "usage_usec 104361974\n")
        self.assertIsNone(self.read("0::/\n"))
        self.assertIsNone(self.read(""))

    def test_of_this_machine_can_be_read_or_is_nothing(self):
        found = read_cpu_stat()
        self.assertTrue(found is None or found["throttled_periods"] <= found["periods"])
        self.assertTrue(Path("/proc/self/cgroup").exists())


class ThrottlingTest(unittest.TestCase):
    def setUp(self):
        self.before = {"seconds": 10.0, "periods": 100, "throttled_periods": 5, "throttled_us": 100.0}

    def test_is_the_difference(self):
        after = {"seconds": 12.5, "periods": 125, "throttled_periods": 6, "throttled_us": 350.0}
        self.assertEqual(
            throttling(self.before, after),
            {"seconds": 2.5, "periods": 25, "throttled_periods": 1, "throttled_us": 250.0},
        )

    def test_of_two_groups_is_nothing(self):
        self.assertIsNone(throttling(self.before, {**self.before, "periods": 1}))
        self.assertIsNone(throttling(None, self.before))
