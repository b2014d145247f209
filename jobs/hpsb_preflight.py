"""Whether a stage can end before it begins: the machine's facts against the stage's needs.

``preflight(stage, needs, probe)`` returns the facts found, or raises ``EnvironmentFaultError`` with every fault: what,
found, needed, what would do. It writes nothing. The needs are computed once, by the planner that also prints the
forecast, and come here in the settings section ``preflight``; the facts come from ``hpsb_probe``.
"""

from __future__ import annotations

from hpsb_console import EnvironmentFaultError
from hpsb_probe import Probe

_UNITS = ((1e9, "GB"), (1e6, "MB"), (1e3, "kB"))


def size(count):
    """Bytes for people, in decimal units."""
    for unit, name in _UNITS:
        if count >= unit:
            return f"{count / unit:.1f} {name}"
    return f"{count} bytes"


def capability(text):
    """``"8.0"`` as (8, 0), so that 12.0 lies above 9.0."""
    return tuple(int(part) for part in text.split("."))


def runs(compiled, device):
    """Whether machine code compiled for ``compiled`` runs on ``device``: same major, minor not above the device's.

    Source: CUDA C++ Programming Guide, "Binary Compatibility". HPS libraries hold no PTX that could be translated.
    """
    (major, minor), (device_major, device_minor) = capability(compiled), capability(device)
    return major == device_major and minor <= device_minor


def drives(driver, found):
    """Whether a driver is new enough: at least the minimum, or its own branch is listed and recent enough."""
    version = _version(found)
    if version >= _version(driver.minimum):
        return True
    return any(version[0] == _version(branch)[0] and version >= _version(branch) for branch in driver.branches)


def _version(text):
    numbers = []
    for part in text.split("."):
        if not part.isdigit():
            break
        numbers.append(int(part))
    return tuple(numbers) or (0,)


def _same_product(a, b):
    """Whether two names are one product: a label ("NVIDIA-A30") and nvidia-smi ("NVIDIA A30") differ in spelling."""

    def words(name):
        return [word for word in name.upper().replace("-", " ").split() if word not in ("NVIDIA", "TESLA")]

    return words(a) == words(b)


def _capability(gpu, device, warnings):
    """The device's compute capability; from the spec's product where the driver does not tell, None if nobody does."""
    if device.compute_capability is None and _same_product(device.product, gpu.product):
        return gpu.capability
    if device.compute_capability is None and gpu.hps_capabilities:
        warnings.append(f"the driver does not tell {device.product}'s compute capability, so the image was not checked")
    return device.compute_capability


def _check_image(needs, device, faults, warnings):
    gpu = needs.gpu
    found = _capability(gpu, device, warnings)
    if found is None or not gpu.hps_capabilities or any(runs(compiled, found) for compiled in gpu.hps_capabilities):
        return
    others = [image.name for image in gpu.images if any(runs(compiled, found) for compiled in image.capabilities)]
    remedy = (
        f"images that have it: {', '.join(others)}"
        if others
        else "no image with HPS has it; use a GPU of an older architecture, or only variants without HPS"
    )
    faults.append(
        f"image: {gpu.image} has HPS code for compute capability {', '.join(gpu.hps_capabilities)} and none for"
        f" {device.product} ({found}); {remedy}"
    )


def _check_product(needs, device, warnings):
    if not _same_product(device.product, needs.gpu.product):
        warnings.append(f"the spec says {needs.gpu.product}, this GPU is a {device.product}")


def _check_gpu_memory(stage, device, faults):
    needed = stage.gpu_bytes
    if device.memory_total < needed:
        faults.append(
            f"GPU memory: {device.product}{' (a MIG slice)' if device.mig else ''} has {size(device.memory_total)}"
            f" in all, {stage.stage} needs {size(needed)}; use a larger GPU, or lower engine.maxBatch or hps.workers"
        )
    elif device.memory_free < needed:
        users = ", ".join(f"{user.name} (pid {user.pid}, {size(user.memory)})" for user in device.processes)
        holders = f"{users}; end them" if users else "the driver and what runs outside this container"
        faults.append(
            f"GPU memory: {size(device.memory_free)} of {size(device.memory_total)} is free on {device.product},"
            f" {stage.stage} needs {size(needed)}; in use by {holders}"
        )


def _check_gpu(needs, stage, probe, faults, warnings):
    devices = probe.gpus()
    device = devices[0]
    if len(devices) > 1:
        warnings.append(f"{len(devices)} GPUs are visible, {stage.stage} uses the first; give the container one")
    _check_image(needs, device, faults, warnings)
    _check_product(needs, device, warnings)
    if not drives(needs.gpu.driver, device.driver):
        faults.append(
            f"driver: {device.driver} on {device.product}, {needs.gpu.image} needs {needs.gpu.driver.minimum} or newer"
            f" (or {', '.join(needs.gpu.driver.branches)} or newer of that branch); update the node's driver"
        )
    _check_gpu_memory(stage, device, faults)
    if device.mig:
        warnings.append("this is a MIG slice: its figures cannot be compared with a whole GPU's")
    return device


def _check_memory(stage, found, faults):
    if found.available < stage.host_bytes:
        bound = "the container's memory limit" if found.limited else "this machine"
        faults.append(
            f"host memory: {size(found.available)} is available ({bound}), {stage.stage} needs"
            f" {size(stage.host_bytes)}; raise the pod's memory limit, use a larger node, or lower model.scale"
        )


def _check_disk(stage, found, faults):
    if found.free + found.held < stage.disk_bytes:
        faults.append(
            f"disk: {size(found.free)} is free for {stage.disk_folder}, which holds {size(found.held)};"
            f" {stage.stage} needs {size(stage.disk_bytes)} there; raise cluster.storage.size or free some"
        )


def _check_shm(stage, total, faults):
    if total < stage.shm_bytes:
        faults.append(
            f"shared memory: /dev/shm has {size(total)}, {stage.stage} needs {size(stage.shm_bytes)};"
            " mount a larger memory-backed volume at /dev/shm"
        )


def preflight(stage, needs, probe=None):
    """Compare this machine with what a stage needs, before it writes anything.

    stage: "create-models", "build-engines" or "serve"; needs: ``settings.Preflight``; probe: where facts come from.
    Returns the facts as a dict that JSON can hold. Raises EnvironmentFaultError with all faults, one a line.
    """
    probe = Probe() if probe is None else probe
    wanted = next((known for known in needs.stages if known.stage == stage), None)
    if wanted is None:
        raise ValueError(f"no needs for stage {stage}; there are {', '.join(known.stage for known in needs.stages)}")
    faults, warnings = [], []
    facts = {"stage": stage}
    if wanted.gpu_bytes > 0 and needs.gpu is not None:
        facts["gpu"] = _check_gpu(needs, wanted, probe, faults, warnings).as_json()
    memory = probe.memory()
    facts["memory"] = memory.as_json()
    _check_memory(wanted, memory, faults)
    disk = probe.disk(wanted.disk_folder)
    facts["disk"] = disk.as_json()
    _check_disk(wanted, disk, faults)
    shm = probe.shm()
    facts["shm"] = shm
    _check_shm(wanted, shm, faults)
    facts["warnings"] = warnings
    if faults:
        raise EnvironmentFaultError(f"{stage} cannot run here:\n  " + "\n  ".join(faults))
    return facts
