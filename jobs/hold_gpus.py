"""Holds what its container was given and does nothing, until it is told to end: SIGTERM or SIGINT, exit code 0.

    python3 hold_gpus.py

In a fleet of mode "node" it keeps the other GPUs of the node idle while one is measured.
"""

import signal

# As the container's first process it gets no signal's default action, so they must be waited for.
SIGNALS = {signal.SIGTERM, signal.SIGINT}
signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
print("holds the GPUs of this container", flush=True)
signal.sigwait(SIGNALS)
