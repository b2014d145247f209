"""The last words of a stage where Kubernetes reads them: a small JSON in the container's termination message.

On a machine without /dev/termination-log nothing is written. Kubernetes keeps 4096 bytes.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from hpsb_console import Stopped, run_program

VARIABLE = "HPS_BENCH_TERMINATION_LOG"
DEFAULT_PATH = "/dev/termination-log"
MOST_BYTES = 4096


def _fitting(document):
    """The document's JSON; the longest texts are cut from their front until it fits (ends say more than beginnings)."""
    text = json.dumps(document, sort_keys=True)
    limit = 2000
    while len(text.encode()) > MOST_BYTES and limit > 30:
        cut = {key: value[-limit:] if isinstance(value, str) else value for key, value in document.items()}
        for key, value in cut.items():
            if isinstance(value, list):
                cut[key] = [item[-limit:] if isinstance(item, str) else item for item in value[-5:]]
        text = json.dumps(cut, sort_keys=True)
        limit //= 2
    return text


def write_termination(document, environment=None):
    """Write the message if there is a place for it: HPS_BENCH_TERMINATION_LOG, else /dev/termination-log."""
    environment = os.environ if environment is None else environment
    path = Path(environment.get(VARIABLE) or DEFAULT_PATH)
    if VARIABLE not in environment and not path.exists():
        return
    try:
        path.write_text(_fitting(document) + "\n", encoding="utf-8")
    except OSError as problem:
        print(f"{path}: the termination message cannot be written: {problem.strerror}", flush=True)


def _reason(problem):
    if isinstance(problem, Stopped):
        return f"stopped by signal {problem.signum}"
    return str(problem) or type(problem).__name__


def run_stage(stage, description, body):
    """run_program with a termination message: {stage, ok, reason, exit_code} and what ``body`` returned.

    ``body(path)`` returns a dict or None; its ``exit_code``, if there is one, becomes the program's.
    """
    report = {"stage": stage, "ok": False, "reason": "bad command line"}

    def watched(path):
        try:
            report.update({"ok": True, "reason": None, **(body(path) or {})})
        except BaseException as problem:
            report.update(ok=False, reason=_reason(problem))
            raise

    code = 1
    try:
        code = run_program(stage, description, watched)
        code = report.get("exit_code", 0) if code == 0 else code
    except SystemExit as leaving:
        code = leaving.code
        raise
    finally:
        report.update(exit_code=code, ok=report["ok"] and code == 0)
        write_termination(report)
    return code
