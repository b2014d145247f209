"""A double of tritonserver for what serve.py does around it: says how it was started, answers, ends as it is told.

TRITONSERVER_DOUBLE (JSON): told (a file for its arguments, environment and working folder), lines (printed to stderr
once started), end ("exit 3", "kill"): how it ends by itself after its lines; deaf (ignores SIGTERM); stub (leaves a
child that holds its pipes, as the python backend's processes do); shm (makes a file in /dev/shm by its prefix).
"""

import http.server
import json
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time

BEHAVIOUR = json.loads(os.environ.get("TRITONSERVER_DOUBLE", "{}"))


class Ready(http.server.BaseHTTPRequestHandler):
    """GET v2/models/M/ready is answered with 200 for every model that was asked for."""

    def do_GET(self):
        """Answer."""
        model = self.path.split("/")[3] if self.path.startswith("/v2/models/") else ""
        self.send_response(200 if f"--load-model={model}" in sys.argv else 400)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_arguments):
        """Stay quiet."""


def option(name):
    """The value of an argument --name=value."""
    return next((a.partition("=")[2] for a in sys.argv if a.startswith(f"--{name}=")), None)


def main():
    """Be a server."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN if BEHAVIOUR.get("deaf") else lambda *_: sys.exit(0))
    if "told" in BEHAVIOUR:
        told = {"arguments": sys.argv[1:], "environment": dict(os.environ), "folder": str(pathlib.Path.cwd())}
        told["pid"] = os.getpid()
        if BEHAVIOUR.get("stub"):
            told["stub"] = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]).pid
        pathlib.Path(BEHAVIOUR["told"]).write_text(json.dumps(told))
    if BEHAVIOUR.get("shm"):
        prefix = next(a.partition("shm-region-prefix-name=")[2] for a in sys.argv if "shm-region-prefix-name=" in a)
        (pathlib.Path("/dev/shm") / f"{prefix}test").write_bytes(b"x")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", int(option("http-port"))), Ready)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for line in BEHAVIOUR.get("lines", []):
        print(line, file=sys.stderr, flush=True)
    end = BEHAVIOUR.get("end")
    if end == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if end is not None:
        sys.exit(int(end.split()[1]))
    while True:
        time.sleep(60)


if __name__ == "__main__":
    main()
