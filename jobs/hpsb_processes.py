"""Child processes that must not outlive this one, and what those leave behind. Linux only."""

from __future__ import annotations

import ctypes
import os
import signal
from contextlib import contextmanager
from pathlib import Path

_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36
_STOPS = {signal.SIGTERM, signal.SIGINT}


def _prctl(option, value):
    ctypes.CDLL(None, use_errno=True).prctl(option, value)


@contextmanager
def signals_held():
    """SIGTERM and SIGINT wait until the block ends: for starting a child with a preexec_fn.

    Python then runs callbacks of other modules around the fork and drops what is raised in them, so an exception of a
    signal handler could be lost there, and the stop with it. And the child is assigned to its variable before.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def die_with_parent():
    """For a child about to start (preexec_fn): the kernel ends it when its parent ends in whatever way."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)  # they are held in the parent just now


def adopt_orphans():
    """Children of a child that dies come to this process from now on, which can end them, instead of living on."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def children():
    """Processes whose parent is this one."""
    mine = str(os.getpid())
    for path in Path("/proc").iterdir():
        if path.name.isdigit():
            try:
                fields = (path / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            except OSError:
                continue
            if fields[1] == mine:
                yield int(path.name)


def _parent(pid):
    """The parent's pid, or None for a process that is not here."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return int(stat.rpartition(")")[2].split()[1])


def is_descendant(pid):
    """Whether a process comes from this one; None for a process that is not here to be asked."""
    mine = os.getpid()
    parent = _parent(pid)
    if parent is None:
        return None
    while parent not in (None, 0, mine):
        parent = _parent(parent)
    return parent == mine


def end_orphans(spared=()):
    """Kill and reap the children of this process, but for those whose pids are spared."""
    for pid in [pid for pid in children() if pid not in spared]:
        try:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        except (ProcessLookupError, ChildProcessError):
            continue
