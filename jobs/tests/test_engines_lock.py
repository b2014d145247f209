"""The lock of an engines' folder in a fleet: one pod builds, others wait, and find the engines there without it."""

import subprocess
import sys
import time
import unittest

from support import JOBS, FolderCase, write_settings  # isort: split

import build_engines
from hpsb_console import EnvironmentFaultError

HOLD = (
    "import sys, time; sys.path.insert(0, sys.argv[1]); from pathlib import Path; from hpsb_files import folder_lock\n"
    "with folder_lock(Path(sys.argv[2])): print('held', flush=True); time.sleep(float(sys.argv[3]))"
)


class LockTest(FolderCase):
    def setUp(self):
        """An engines' folder, settings of a fleet, and no builder."""
        super().setUp()
        self.engines = self.folder / "engines"
        self.engines.mkdir()

    def settings(self, seconds):
        """Settings of a fleet whose pods wait so long."""
        fleet = {"artifacts": "/data/artifacts", "requests": "/data/requests", "lock_seconds": seconds}
        return write_settings(self.folder, fleet=fleet)

    def builder(self, seconds):
        """Another process that holds the lock for so long."""
        command = [sys.executable, "-B", "-c", HOLD, str(JOBS), str(self.engines), str(seconds)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        self.assertEqual(process.stdout.readline(), "held\n")
        return process

    def test_waits_for_the_one_that_builds(self):
        builder = self.builder(1.5)
        with build_engines.engines_lock(self.settings(60), self.engines, lambda: False):
            self.assertIsNotNone(builder.wait(timeout=5))

    def test_waits_no_longer_than_it_was_told(self):
        self.builder(30)
        started = time.monotonic()
        lock = build_engines.engines_lock(self.settings(1), self.engines, lambda: False)
        with self.assertRaisesRegex(EnvironmentFaultError, "another process is writing here"), lock:
            self.fail("the lock was had twice")
        self.assertLess(time.monotonic() - started, 20)

    def test_needs_no_lock_where_the_engines_are_there(self):
        self.builder(30)
        with build_engines.engines_lock(self.settings(60), self.engines, lambda: True):
            pass

    def test_outside_of_a_fleet_a_complete_folder_is_locked_all_the_same(self):
        asked = []
        with build_engines.engines_lock(write_settings(self.folder), self.engines, lambda: asked.append(1)):
            self.assertTrue((self.engines / ".lock").exists())
        self.assertEqual(asked, [])


if __name__ == "__main__":
    unittest.main()
