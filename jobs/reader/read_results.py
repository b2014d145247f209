"""Prints the evidence of runs that lies on the volume, for whoever collects it from outside.

    python3 -c "$(cat read_results.py)" AFTER FOLDER...

Sent as text into a pod of its own, so it needs nothing but the standard library. One line for each evidence file (and
for parity.json) of each folder, in the order of their names, from the one after AFTER ("" for the first) on:

    #hps-bench:file {"name": "FOLDER/evidence/ID.aN.json", "folder": 0, "document": {...}}
    #hps-bench:file {"name": ..., "folder": 0, "problem": "is not whole: ..."}

and a last line that tells whether all arrived, since a log may be cut on its way:

    #hps-bench:files {"v": 1, "files": N, "more": false, "last": NAME, "digest": SHA-256 of the lines before}

At most LIMIT bytes, because kubelets keep 10 MiB of a log; with ``more`` the next pod goes on after ``last``.
Exit codes: 0, also where a folder is not there (no file), 4 the volume cannot be read.
"""

import hashlib
import json
import sys
from pathlib import Path

LIMIT = 8 * 1024 * 1024


def files_of(folder):
    root = Path(folder)
    found = [path for path in (root / "evidence").glob("*.json") if not path.name.startswith(".")]
    parity = root / "parity.json"
    return sorted([*found, parity] if parity.exists() else found, key=str)


def line_of(path, index):
    entry = {"name": str(path), "folder": index}
    try:
        with open(path, encoding="utf-8") as file:
            entry["document"] = json.load(file)
    except ValueError as error:
        entry["problem"] = f"is not whole: {error}"
    return "#hps-bench:file " + json.dumps(entry, sort_keys=True) + "\n"


def main(after, folders):
    digest, files, size, last, more = hashlib.sha256(), 0, 0, after, False
    listed = [(path, index) for index, folder in enumerate(folders) for path in files_of(folder)]
    for path, index in sorted(listed, key=lambda one: str(one[0])):
        if str(path) <= after:
            continue
        line = line_of(path, index)
        if files > 0 and size + len(line) > LIMIT:
            more = True
            break
        sys.stdout.write(line)
        digest.update(line.encode())
        files, size, last = files + 1, size + len(line), str(path)
    end = {"v": 1, "files": files, "more": more, "last": last, "digest": digest.hexdigest()}
    print("#hps-bench:files " + json.dumps(end, sort_keys=True), flush=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1], sys.argv[2:])
    except OSError as problem:
        print(f"{problem.filename}: cannot be read: {problem.strerror}", file=sys.stderr)
        sys.exit(4)
