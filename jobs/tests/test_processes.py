"""Children that end with this process, and signals that come while one is started."""

import os
import signal
import subprocess
import sys
import unittest

import support
from hpsb_processes import children, die_with_parent, end_orphans, signals_held

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]


class StopError(Exception):
    """Raised by this test's signal handler."""


class SignalsHeldTest(unittest.TestCase):
    def setUp(self):
        def stop(*_):
            raise StopError

        self.addCleanup(signal.signal, signal.SIGTERM, signal.signal(signal.SIGTERM, stop))

    def test_a_stop_that_comes_while_a_child_is_started_comes_after_it_and_is_not_lost(self):
        # The child sends it in mid-fork; without the hold it is dropped now and then, as an ignored exception.
        for _ in range(30):
            child = None
            with self.assertRaises(StopError), signals_held():
                child = subprocess.Popen(
                    [sys.executable, "-c", ""],
                    preexec_fn=lambda: os.kill(os.getppid(), signal.SIGTERM),  # noqa: PLW1509
                )
            self.assertIsNotNone(child)
            child.wait()

    def test_the_child_itself_does_not_hold_them(self):
        with signals_held():
            child = subprocess.Popen(SLEEP, preexec_fn=die_with_parent)  # noqa: PLW1509
        child.terminate()
        self.assertEqual(child.wait(timeout=30), -signal.SIGTERM)


LOST = """
import os, signal, sys
sys.path.insert(0, {jobs!r})
from hpsb_console import Progress, run_program

class Library:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGTERM)
        for _ in range(1000):
            pass  # the handler raises in here, where Python drops it

def body(_path):
    progress = Progress("stage", "step", 2, "parts")
    Library()
    print("goes on", flush=True)
    progress.at(1)
    print("was not stopped", flush=True)

sys.argv = ["program", "--settings", "none"]
sys.exit(run_program("program", "", body))
"""


class LostStopTest(unittest.TestCase):
    def test_a_stop_that_a_destructor_swallowed_ends_the_program_at_its_next_progress(self):
        done = subprocess.run(
            [sys.executable, "-c", LOST.format(jobs=str(support.JOBS))], capture_output=True, text=True, check=False
        )
        self.assertEqual(done.returncode, 143, done.stderr)
        self.assertIn("goes on", done.stdout)
        self.assertNotIn("was not stopped", done.stdout)
        self.assertIn("stopped by SIGTERM", done.stderr)


class OrphanTest(unittest.TestCase):
    def test_ends_children_but_for_those_spared(self):
        spared, other = (subprocess.Popen(SLEEP) for _ in range(2))
        self.addCleanup(spared.wait)
        self.addCleanup(spared.kill)
        self.assertLessEqual({spared.pid, other.pid}, set(children()))
        end_orphans(spared={spared.pid})
        self.assertIn(spared.pid, set(children()))
        self.assertNotIn(other.pid, set(children()))
        other.wait()


if __name__ == "__main__":
    unittest.main()
