"""The figures by which a measurement is valid, and whether one is above its limit.

Each is a number that must not exceed the limit of its name in ``measure.limits`` (src/job-settings writes them from the
spec); None where nobody could look. The judge (src/records/judge) compares the same numbers and says what each means.
"""

from __future__ import annotations

# A drift counts only where chance would show it in less than one of a hundred steady measurements.
SIGNIFICANCE = 0.01
# Bits of nvidia-smi's clocks_event_reasons.active (NVML, nvmlClocksEventReason*).
POWER_CAP = 0x4
# Share of the samples from which on the power limit explains a low clock.
CAPPED = 0.01
SLOWDOWNS = 0x8 | 0x20 | 0x40 | 0x80  # hardware slowdown, software thermal, hardware thermal, hardware power brake


def figures_of(evidence, highest_clock=None):
    """{name: number or None} of an evidence document.

    highest_clock: {gpu uuid: MHz}, the highest median SM clock of the run's measurements so far.
    """
    gpus = evidence.get("gpus") or []
    server = evidence.get("server")
    throttled = evidence.get("cpu_throttling") or {}
    return {
        "client_cpu_throttled_share": _throttled(throttled.get("client")),
        "server_cpu_throttled_share": _throttled(throttled.get("server")),
        "gpu_slowdown_share": _most(_reason_share(gpu, SLOWDOWNS) for gpu in gpus),
        "gpu_power_cap_share": _most(_reason_share(gpu, POWER_CAP) for gpu in gpus),
        "gpu_clock_loss": _most(_clock_loss(gpu, highest_clock or {}) for gpu in gpus),
        "gpu_other_processes": sum(len(gpu["other_processes"]) for gpu in gpus) if gpus else None,
        "triton_restarts": None if server is None else int(server["restarted"]),
        "drift_share": _drift(evidence.get("windows")),
    }


def doubted(evidence):
    """Names of the figures that are above their limit, in the evidence as it was written."""
    figures = evidence.get("figures") or {}
    return [
        name
        for name, limit in (evidence.get("limits") or {}).items()
        if figures.get(name) is not None and figures[name] > limit
    ]


def _most(values):
    return max((value for value in values if value is not None), default=None)


def _throttled(found):
    """Share of the time; the kernel sums over CPUs, so that it may be above one."""
    if found is None or found["seconds"] <= 0:
        return None
    return found["throttled_us"] / 1e6 / found["seconds"]


def _reason_share(gpu, bits):
    """Share of the samples in which one of the bits is set."""
    counts = [(int(reason, 16), samples) for reason, samples in gpu["throttle_reasons"].items()]
    total = sum(samples for _, samples in counts)
    return sum(samples for reason, samples in counts if reason & bits) / total if total else None


def _clock_loss(gpu, highest):
    """None where the power limit sets the clock: that has a figure of its own, and a heavy load may be allowed it."""
    clock = gpu["sm_clock_mhz"]
    capped = (_reason_share(gpu, POWER_CAP) or 0) > CAPPED
    if clock is None or clock["median"] <= 0 or capped:
        return None
    return max(0.0, 1 - clock["median"] / max(clock["median"], highest.get(gpu["uuid"], 0)))


def _drift(windows):
    """Size of a drift that is more than chance, whichever way; None where it cannot be told."""
    if windows is None or windows["drift_p"] is None:
        return None
    return abs(windows["drift_share"]) if windows["drift_p"] < SIGNIFICANCE else 0.0
