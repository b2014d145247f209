"""One tritonserver process: started with libraries preloaded for it alone, read, stopped, and cleaned up after."""

from __future__ import annotations

import collections
import os
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

from hpsb_console import EnvironmentFaultError
from hpsb_processes import adopt_orphans, die_with_parent, end_orphans

SHARED_MEMORY = "hps-bench-"
_KILL_GRACE = 5.0  # seconds beyond Triton's own exit timeout
_TELLING = re.compile(r"^[EF]\d{4} |UNAVAILABLE|\berror\b|\bfailed\b|\[ERROR\]", re.IGNORECASE)


def server_environment(serve, plugins, environment=None):
    """The environment of tritonserver and of nothing else: LD_PRELOAD in any other process crashes some images.

    LD_LIBRARY_PATH is made longer, never replaced: the image's own value finds Triton's, TensorFlow's and HPS's.
    """
    own = dict(os.environ if environment is None else environment)

    def put_in_front(name, values, separator=":"):
        joined = separator.join([*map(str, values), *filter(None, [own.get(name)])])
        if joined:
            own[name] = joined

    put_in_front("PATH", serve.path)
    put_in_front("LD_LIBRARY_PATH", serve.library_path)
    put_in_front("LD_PRELOAD", plugins)
    own["HUGECTR_LOG_TO_FILE"] = "0"  # errors must come by way of stderr, where they are looked for
    return own


def remove_left_shared_memory(folder=Path("/dev/shm")):
    """Remove shared memory of servers that were killed: the name tells whose it was."""
    for path in folder.glob(f"{SHARED_MEMORY}*") if folder.is_dir() else []:
        owner = path.name[len(SHARED_MEMORY) :].partition("-")[0]
        if owner.isdigit() and (int(owner) == os.getpid() or not Path(f"/proc/{owner}").exists()):
            path.unlink(missing_ok=True)


class Server:
    """A running tritonserver. ``on_line(line)`` is called, from two threads, with each line it prints."""

    def __init__(self, command, environment, folder, on_line):
        self.tail = collections.deque(maxlen=200)
        self._on_line = on_line
        adopt_orphans()  # such as the python backend's processes of a Triton that is killed
        try:
            self.process = subprocess.Popen(
                command,
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                preexec_fn=die_with_parent,  # noqa: PLW1509 - no thread of this program holds a lock yet
            )
        except OSError as problem:
            raise EnvironmentFaultError(f"{command[0]} cannot be started: {problem.strerror}") from problem
        # Two pipes: in one, a line of stderr could break into a line of stdout, and an error be overlooked.
        self._readers = [
            threading.Thread(target=self._read, args=(pipe,), daemon=True)
            for pipe in (self.process.stdout, self.process.stderr)
        ]
        for reader in self._readers:
            reader.start()

    def _read(self, pipe):
        for raw in pipe:
            line = raw.decode("utf-8", "backslashreplace").rstrip("\n")
            self.tail.append(line)
            self._on_line(line)

    def wait(self):
        """Wait until it ends; returns its exit code, 128 + N for signal N."""
        code = self.process.wait()
        return 128 - code if code < 0 else code

    def stop(self, seconds):
        """SIGTERM, and SIGKILL once its own exit timeout has passed; returns its exit code."""
        self.process.terminate()
        try:
            self.process.wait(timeout=seconds + _KILL_GRACE)
        except subprocess.TimeoutExpired:
            print(f"serve: Triton did not end in {seconds + _KILL_GRACE:.0f} s and is killed", file=sys.stderr)
            self.process.kill()
        return self.wait()

    def clean_up(self):
        """Once it has ended: end what it left behind, read its last lines. No other child may be there."""
        end_orphans()
        for reader in self._readers:
            reader.join(timeout=5)

    def last_words(self, count=5):
        """The last lines that tell of an error, or else the last lines."""
        lines = [line for line in self.tail if line.strip()]
        return ([line for line in lines if _TELLING.search(line)] or lines)[-count:]


def wait_ready(triton, variants, ended, seconds, on_ready):
    """Call ``on_ready(count)`` as variants become ready; returns whether all were before the end, or time was up."""
    deadline = time.monotonic() + seconds
    waiting = list(variants)
    while waiting and time.monotonic() < deadline:
        if ended.wait(0.5):
            return False
        still = [variant for variant in waiting if not triton.ready(variant)]
        if len(still) < len(waiting):
            on_ready(len(variants) - len(still))
        waiting = still
    return not waiting
