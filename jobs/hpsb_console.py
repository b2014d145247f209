"""How the programs in this folder talk to the one who started them: lines, progress, exit codes, signals."""

from __future__ import annotations

import argparse
import errno
import json
import signal
import sys
import time

from settings import SettingsError

EXIT_OK = 0
EXIT_FAILED = 1  # a fault of the program or of a library it calls; the traceback is on stderr
EXIT_SETTINGS = 2
EXIT_ENVIRONMENT = 4
PROGRESS_MARK = "#hps-bench:progress "
_DISK_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO)


class EnvironmentFaultError(Exception):
    """The machine lacks something: a library, disk, a right."""


class Stopped(BaseException):
    """SIGTERM or SIGINT arrived. A BaseException, so that no ``except Exception`` swallows it."""

    def __init__(self, signum):
        super().__init__(signum)
        self.signum = signum


def say(text):
    """One line for people, in one write: a program and its child may share the stream."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


_asked = []  # the signal that came, for a stop that got lost


class Progress:
    """Progress of one step as JSON lines: the first, the last, and at most two a second between, each once.

    A stop that was asked for and got lost is raised again here: Python drops what is raised in a destructor or a weak
    reference's callback, and a signal may come while a library runs one.
    """

    def __init__(self, stage, step, total, unit):
        self._fixed = {"stage": stage, "step": step}
        self._total = total
        self._unit = unit
        self._next = 0.0
        self._last = -1
        self.at(0)

    def at(self, done):
        """Report that ``done`` of the total is done. Raises Stopped if the program was asked to stop."""
        if _asked:
            raise Stopped(_asked[0])
        now = time.monotonic()
        if done == self._last or (0 < done < self._total and now < self._next):
            return
        self._last = done
        self._next = now + 0.5
        line = {**self._fixed, "done": done, "total": self._total, "unit": self._unit}
        say(PROGRESS_MARK + json.dumps(line, separators=(",", ":")))


def _stop(signum, _frame):
    _asked.append(signum)
    ignore_signals()  # a second signal must not interrupt the cleaning up
    raise Stopped(signum)


def ignore_signals():
    """From here on SIGTERM and SIGINT do nothing (used while cleaning up)."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def run_program(name, description, body):
    """Parse ``--settings FILE``, call ``body(path)`` and turn what it raises into an exit code, which is returned."""
    parser = argparse.ArgumentParser(prog=name, description=description)
    parser.add_argument("--settings", required=True, metavar="FILE", help="the job settings, JSON")
    path = parser.parse_args().settings
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    try:
        body(path)
    except SettingsError as problem:
        return _report(name, problem, EXIT_SETTINGS)
    except EnvironmentFaultError as problem:
        return _report(name, problem, EXIT_ENVIRONMENT)
    except OSError as problem:
        if problem.errno not in _DISK_ERRORS:
            raise
        return _report(name, f"{problem.filename or 'writing'}: {problem.strerror}", EXIT_ENVIRONMENT)
    except Stopped as stop:
        return _report(
            name, f"stopped by {signal.Signals(stop.signum).name}; unfinished files removed", 128 + stop.signum
        )
    return EXIT_OK


def _report(name, text, code):
    print(f"{name}: {text}", file=sys.stderr, flush=True)
    return code
