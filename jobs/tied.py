"""Runs a program that ends with its parent: ``python3 tied.py PARENT_PID PROGRAM [ARG ...]``.

The kernel tells this program when its parent ends in whatever way, SIGKILL included; it then kills its whole process
group: the program and what that left behind, such as the python backend's processes of a Triton that was killed.
It must lead a group of its own. SIGTERM and SIGINT are passed on. Exit codes: the program's; 127 if it cannot be
started; 125 if the parent was gone already. A program ended by a signal is answered by ending the same way.
"""

import ctypes
import os
import signal
import subprocess
import sys

PR_SET_PDEATHSIG = 1
PARENT_GONE = signal.SIGUSR1


def set_death_signal(number):
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, number)


def end_group(_number, _frame):
    os.killpg(0, signal.SIGKILL)


def main():
    parent, command = int(sys.argv[1]), sys.argv[2:]
    if os.getpgrp() != os.getpid():
        os.setpgid(0, 0)
    signal.signal(PARENT_GONE, end_group)
    set_death_signal(PARENT_GONE)
    # The parent may have ended before the call above; then nobody would send the signal.
    if os.getppid() != parent:
        return 125
    try:
        # This program has one thread.
        program = subprocess.Popen(command, preexec_fn=lambda: set_death_signal(signal.SIGKILL))  # noqa: PLW1509
    except OSError as error:
        print(f"{command[0]} cannot be started: {error}", file=sys.stderr)
        return 127
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda passed_on, _frame: program.send_signal(passed_on))
    code = program.wait()
    if code < 0:
        if -code != signal.SIGKILL:
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    return code


if __name__ == "__main__":
    sys.exit(main())
