"""Errors that the parameter server only logs, turned into a file that measuring looks at.

From 23.04 on a lookup with a wrong argument is logged and answered with success, its output unwritten; 23.02 logs and
carries on regardless. So a line of level ERROR makes every later answer of that server doubtful. serve.py makes the
file empty before Triton starts and appends a JSON object a line; measure.py refuses to go on without it.
"""

from __future__ import annotations

import json
import os
import re
from datetime import datetime, timezone

FILE_NAME = "hps-errors.ndjson"
# The prefix of HugeCTR's logger: [HCTR][time][LEVEL][RKrank][thread]: text. Where two threads write it may stand in
# mid-line.
_ERROR = re.compile(r"\[HCTR\]\[[0-9:.]+\]\[ERROR\]")
_MOST_TEXT = 500


def is_hps_error(line):
    """Whether a line of a log is an error of the parameter server."""
    return _ERROR.search(line) is not None


class HpsErrorFile:
    """The file of one server; that of an earlier server in the same folder is kept under a number."""

    def __init__(self, folder):
        self.path = folder / FILE_NAME
        if self.path.exists() and self.path.stat().st_size > 0:
            number = 1 + sum(1 for _ in folder.glob("hps-errors.*.ndjson"))
            self.path.rename(folder / f"hps-errors.{number}.ndjson")
        self._file = self.path.open("w", encoding="utf-8")
        self._sync()

    def _sync(self):
        self._file.flush()
        os.fsync(self._file.fileno())  # measuring may read it on another node

    def look_at(self, line):
        """Write the line down if it is an error; returns whether it is."""
        if not is_hps_error(line):
            return False
        at = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
        self._file.write(json.dumps({"at": at, "line": line[:_MOST_TEXT]}) + "\n")
        self._sync()
        return True

    def close(self):
        """Close the file; it stays."""
        self._file.close()


def read_hps_errors(folder):
    """Errors so far: {"count", "first": up to 3 lines}, or None where no serve.py made the file."""
    try:
        lines = (folder / FILE_NAME).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return None
    first = []
    for line in lines[:3]:
        try:
            first.append(json.loads(line)["line"])
        except (ValueError, KeyError, TypeError):  # a line just being written
            first.append(line[:_MOST_TEXT])
    return {"count": len(lines), "first": first}
