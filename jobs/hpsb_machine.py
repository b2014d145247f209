"""The check of the machine before a stage writes anything, where the settings ask for it."""

from __future__ import annotations

import hpsb_stage_settings
import settings
from hpsb_console import say


def check_machine(stage, path):
    """Compare the machine with the settings section ``preflight``, if there is one. Raises EnvironmentFaultError."""
    if not hpsb_stage_settings.has(path, "preflight"):
        return
    try:
        from hpsb_preflight import preflight
    except ImportError:
        say("preflight: not part of these programs")
        return
    needs = settings.load(path, needs=("preflight",)).preflight
    if not any(known.stage == stage for known in needs.stages):
        return
    for warning in preflight(stage, needs).get("warnings", []):
        say(f"preflight: {warning}")
