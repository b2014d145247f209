"""A double of nvidia-smi: answers the queries that the programs make, once or with -l 1 every 50 ms, for a made-up GPU.

NVIDIA_SMI_DOUBLE (JSON): values by field name; "unknown": fields that this driver does not know; "rounds": with -l, how
many samples before it ends with code 15, as the real one does when a GPU falls off the bus; "another": the UUID of a
second GPU, which it tells of unless --id names the first.
"""

import json
import os
import sys
import time

VALUES = {
    "name": "NVIDIA Made-up 80GB",
    "uuid": "GPU-00000000-0000-0000-0000-000000000001",
    "gpu_uuid": "GPU-00000000-0000-0000-0000-000000000001",
    "driver_version": "525.85.12",
    "memory.total": "81920",
    "memory.used": "15000",
    "memory.free": "66920",
    "mig.mode.current": "Disabled",
    "compute_cap": "8.0",
    "index": "0",
    "pstate": "P0",
    "clocks.sm": "1410",
    "clocks.mem": "1593",
    "clocks_throttle_reasons.active": "0x0000000000000000",
    "temperature.gpu": "41",
    "power.draw": "87.34",
    "utilization.gpu": "97",
    "utilization.memory": "[N/A]",
    "pid": "4711",
    "used_gpu_memory": "14900",
    "process_name": "/usr/bin/other",
}


def main():
    behaviour = json.loads(os.environ.get("NVIDIA_SMI_DOUBLE", "{}"))
    values = {**VALUES, **behaviour.get("values", {})}
    query = next(argument for argument in sys.argv[1:] if argument.startswith("--query-"))
    fields = query.partition("=")[2].split(",")
    for field in fields:
        if field in behaviour.get("unknown", []) or field not in values:
            print(f'Field "{field}" is not a valid field to query.\n')
            return 2
    rows = [values]
    another = behaviour.get("another")
    if another and f"--id={values['uuid']}" not in sys.argv:
        rows.append({**values, "uuid": another, "gpu_uuid": another})
    rounds = behaviour.get("rounds", 1_000_000) if "-l" in sys.argv else 1
    for _ in range(rounds):
        for row in rows:
            print(", ".join(row[field] for field in fields), flush=True)
        if "-l" in sys.argv:
            time.sleep(0.05)
    if "-l" in sys.argv:
        print("Unable to determine the device handle for GPU0000:00:04.0: Unknown Error", flush=True)
        return 15
    return 0


if __name__ == "__main__":
    sys.exit(main())
