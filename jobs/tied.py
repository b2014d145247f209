"""Starts a program that ends with its parent: ``python3 tied.py PARENT_PID PROGRAM [ARG ...]``.

Linux sends the program SIGKILL when the parent ends in whatever way, SIGKILL included; the setting outlives exec.
Exit codes: the program's; 127 if it cannot be started; 125 if the parent was gone already.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main():
    parent, command = int(sys.argv[1]), sys.argv[2:]
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    # The parent may have ended before the call above; then nobody would send the signal.
    if os.getppid() != parent:
        return 125
    try:
        os.execvp(command[0], command)
    except OSError as error:
        print(f"{command[0]} cannot be started: {error}", file=sys.stderr)
        return 127


if __name__ == "__main__":
    sys.exit(main())
