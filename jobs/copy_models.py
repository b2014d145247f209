"""Copies artifacts and requests from the shared volume to the node's own disk: the first step of a pod of a fleet.

    python3 copy_models.py --settings settings.json

Every file that the manifests in ``fleet.artifacts`` and ``fleet.requests`` list is read once, hashed as it is read and
held against its manifest; the manifest is written last, so that half a copy is none. Files of the same content are one
in the copy (hard links). Nothing of this is timed: it ends before Triton starts.

Exit codes: 0 all is there, 2 bad settings, 4 a file is missing or not what its manifest says, or the disk is full.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time

import create_models
import hpsb_stage_settings
import make_requests
import settings
from hpsb_console import EnvironmentFaultError, Progress, say
from hpsb_files import building_name, check_disk, link, make_folder, publish, read_json, remove, write_whole
from hpsb_termination import run_stage

STAGE = "copy-models"
_PIECE = 4 << 20


def listed(source, manifest_name, wanted=None):
    """The manifest in the source folder, cut down to the ``wanted`` files (None: all). Raises where it is not whole."""
    manifest = read_json(source / manifest_name)
    if manifest is None or not isinstance(manifest.get("files"), dict):
        raise EnvironmentFaultError(
            f"{source}: no whole {manifest_name}; run create_models.py with these settings first"
        )
    files = manifest["files"]
    missing = [name for name in wanted or [] if name not in files]
    if missing:
        raise EnvironmentFaultError(f"{source}: its {manifest_name} lists no {missing[0]}; run make_requests.py first")
    return {**manifest, "files": files if wanted is None else {name: files[name] for name in wanted}}


def is_there(target, manifest_name, manifest):
    """Whether an earlier start of this container has copied it all."""
    return read_json(target / manifest_name) == manifest and all(
        (target / name).is_file() and (target / name).stat().st_size == entry["bytes"]
        for name, entry in manifest["files"].items()
    )


def copy_file(source, target, entry, told):
    """Copy one file, hashing what is read; ``told(bytes)`` hears of each piece. Raises where it is not as listed."""
    digest, size = hashlib.sha256(), 0
    building = building_name(target)
    try:
        with source.open("rb") as read, building.open("wb") as written:
            while True:
                piece = read.read(_PIECE)
                if not piece:
                    break
                digest.update(piece)
                written.write(piece)
                size += len(piece)
                told(len(piece))
        if size != entry["bytes"] or digest.hexdigest() != entry["sha256"]:
            raise EnvironmentFaultError(
                f"{source}: {size} bytes with SHA-256 {digest.hexdigest()[:12]}, its manifest says {entry['bytes']}"
                f" bytes with {entry['sha256'][:12]}: damaged on the volume or on the way"
            )
        publish(building, target)
    except FileNotFoundError as problem:
        raise EnvironmentFaultError(f"{source}: is not there, and its manifest lists it") from problem
    finally:
        remove(building)


def bytes_of(files):
    """Bytes of the files, each content once, however many names it has."""
    return sum({entry["sha256"]: entry["bytes"] for entry in files.values()}.values())


def copy_all(source, target, files, told):
    """Copy the files of a manifest; the same content under a second name becomes a second name."""
    first = {}
    for name, entry in files.items():
        made = target / name
        make_folder(made.parent)
        remove(made)
        known = first.setdefault(entry["sha256"], made)
        if known == made or not link(known, made):
            copy_file(source / name, made, entry, told)


def main(path):
    """The program: settings file to a copy on this node."""
    chosen = settings.load(path, needs=("requests",), paths=("artifacts", "requests"))
    fleet = hpsb_stage_settings.load(path, "fleet")
    batches = [f"{batch}.json" for batch in chosen.requests.batches]
    jobs = []
    for source, target, name, wanted in (
        (fleet.artifacts, chosen.paths["artifacts"], create_models.MANIFEST, None),
        (fleet.requests, chosen.paths["requests"], make_requests.MANIFEST, batches),
    ):
        manifest = listed(source, name, wanted)
        make_folder(target)
        if not is_there(target, name, manifest):
            jobs.append((source, target, name, manifest))
    total, done = sum(bytes_of(manifest["files"]) for _, _, _, manifest in jobs), 0
    if jobs:
        check_disk(jobs[0][1], total, 0, "the copy of models and requests")
    progress, started = Progress(STAGE, "copy", total, "bytes"), time.monotonic()

    def told(size):
        nonlocal done
        done += size
        progress.at(done)

    for source, target, name, manifest in jobs:
        copy_all(source, target, manifest["files"], told)
        write_whole(target / name, json.dumps(manifest, indent=2) + "\n")
    seconds = time.monotonic() - started
    say(f"copied: {total} bytes in {seconds:.1f} s" if jobs else "copied: nothing, all of it is there")
    return {"bytes": total, "seconds": round(seconds, 3)}


if __name__ == "__main__":
    sys.exit(run_stage(STAGE, "Copies models and requests to the node's own disk.", main))
