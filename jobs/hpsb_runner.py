"""One perf_analyzer process: started, held to its deadline, and asked to stop in the way it understands."""

from __future__ import annotations

import signal
import subprocess
import threading

from hpsb_processes import die_with_parent, signals_held

# perf_analyzer answers one SIGINT with its report so far; after that it has this long before it is killed.
INTERRUPT_GRACE_S = 5


class StopError(Exception):
    """A reason to end the whole program, with its exit code."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


class InterruptedRunError(Exception):
    def __init__(self, number):
        super().__init__(f"interrupted by signal {number}")
        self.number = number


class Runner:
    """Starts perf_analyzer, forwards a stop as the SIGINT it understands, and holds it to its deadline."""

    def __init__(self):
        self.process = None
        self.interrupted = None
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._on_signal)

    def _on_signal(self, number, _frame):
        if self.interrupted is None:
            self.interrupted = number
        if self.process is None:
            raise InterruptedRunError(number)
        self._stop()

    def _stop(self):
        process = self.process
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGINT)
            killer = threading.Timer(INTERRUPT_GRACE_S, process.kill)
            killer.daemon = True
            killer.start()

    def run(self, command, environment, deadline_s, watch):
        """Runs perf_analyzer; ``watch`` is called with an event once it has started, in a thread of its own.

        Returns (exit code or None, signal name or None, whether the deadline passed, merged output).
        """
        late, over = threading.Event(), threading.Event()

        def on_deadline():
            late.set()
            self._stop()

        try:
            with signals_held():
                self.process = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    env=environment,
                    start_new_session=True,
                    preexec_fn=die_with_parent,  # noqa: PLW1509 - no other thread runs between measurements
                )
        except OSError as error:
            raise StopError(4, f"perf_analyzer cannot be started: {error}") from error
        timer = threading.Timer(deadline_s, on_deadline)
        timer.daemon = True
        timer.start()
        watcher = threading.Thread(target=watch, args=(over,), daemon=True)
        watcher.start()
        try:
            output, _ = self.process.communicate()
        finally:
            timer.cancel()
            over.set()
            watcher.join()
        code, self.process = self.process.returncode, None
        if self.interrupted is not None:
            raise InterruptedRunError(self.interrupted)
        text = output.decode("utf-8", "backslashreplace")
        if code < 0:
            return None, signal.Signals(-code).name, late.is_set(), text
        return code, None, late.is_set(), text


def perf_analyzer_version(command, environment):
    """What ``--version`` prints; None for releases before 23.07, which have no such option."""
    try:
        answer = subprocess.run(
            [command, "--version"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=30,
            check=False,
        )
    except OSError as error:
        raise StopError(4, f"perf_analyzer cannot be started: {error}") from error
    except subprocess.TimeoutExpired:
        return None
    if answer.returncode == 127:
        raise StopError(4, f"perf_analyzer at {command} lacks a shared library: start it by hand to see which")
    line = answer.stdout.decode("utf-8", "replace").strip()
    return line if answer.returncode == 0 and line else None
