"""A double of ``nvidia-smi``: answers the queries of hpsb_probe in the form that the real one prints.

The form was recorded from driver 580.159.04 on an H100 (CSV without header and units, XML of -q -x); the values are the
test's. A field that this "driver" does not know ends it with 2 and nvidia-smi's own message.

    install(folder, gpus=[...], processes=[...])    writes an executable; returns its path
"""

import json
import sys

H100 = {
    "uuid": "GPU-96d22edf-b589-d04e-f664-644fbb8a47c5",
    "name": "NVIDIA H100 80GB HBM3",
    "compute_cap": "9.0",
    "driver_version": "580.159.04",
    "memory.total": "81559",
    "memory.free": "81079",
    "mig.mode.current": "Disabled",
}
A100 = {
    **H100,
    "uuid": "GPU-5f4fd6ae-2f3a-4f55-9a0b-1c5b6f1f0a80",
    "name": "NVIDIA A100-SXM4-80GB",
    "compute_cap": "8.0",
    "driver_version": "525.85.12",
    "memory.total": "81920",
    "memory.free": "81050",
}


def install(folder, gpus, processes=(), slices=()):
    """Write the double. gpus, processes: dicts by field; slices: (total, free) MiB of MIG slices."""
    path = folder / "nvidia-smi"
    known = json.dumps({"gpus": list(gpus), "processes": list(processes), "slices": list(slices)})
    path.write_text(
        f"#!{sys.executable}\nimport sys\nsys.dont_write_bytecode = True\nsys.path.insert(0, {str(_here())!r})\n"
        f"import nvidia_smi_double\nsys.exit(nvidia_smi_double.answer({known!r}, sys.argv[1:]))\n",
        encoding="utf-8",
    )
    path.chmod(0o755)
    return str(path)


def _here():
    from pathlib import Path

    return Path(__file__).resolve().parent


def answer(known, arguments):
    """What the executable does; returns its exit status."""
    state = json.loads(known)
    if arguments[0].startswith("--id="):
        chosen, *arguments = arguments
        uuid = chosen[len("--id=") :]
        state["gpus"] = [gpu for gpu in state["gpus"] if gpu["uuid"] == uuid]
        state["processes"] = [process for process in state["processes"] if process["gpu_uuid"] == uuid]
    if arguments == ["-q", "-x"]:
        print(_xml(state))
        return 0
    query, form = arguments
    if form != "--format=csv,noheader,nounits":
        print(f"Invalid combination of input arguments: {form}")
        return 1
    what, _, fields = query.partition("=")
    rows = {"--query-gpu": state["gpus"], "--query-compute-apps": state["processes"]}[what]
    for field in fields.split(","):
        if any(field not in row for row in rows):
            print(f'Field "{field}" is not a valid field to query.\n')
            return 2
    for row in rows:
        print(", ".join(row[field] for field in fields.split(",")))
    return 0


def _xml(state):
    memory = "<fb_memory_usage><total>{} MiB</total><reserved>0 MiB</reserved><free>{} MiB</free></fb_memory_usage>"
    slices = "".join(f"<mig_device>{memory.format(*each)}</mig_device>" for each in state["slices"]) or "None"
    gpus = "".join(
        f'<gpu id="00000000:00:06.0"><product_name>{gpu["name"]}</product_name>'
        f"<mig_devices>{slices}</mig_devices><uuid>{gpu['uuid']}</uuid>"
        f"{memory.format(gpu['memory.total'], gpu['memory.free'])}</gpu>"
        for gpu in state["gpus"]
    )
    return f'<?xml version="1.0" ?>\n<nvidia_smi_log>{gpus}</nvidia_smi_log>'
