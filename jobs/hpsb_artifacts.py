"""The artifacts of create_models.py as a later stage may use them: only whole, and only those of these settings."""

from __future__ import annotations

import create_models
from hpsb_console import EnvironmentFaultError
from hpsb_files import read_json, sha256_file
from hpsb_server_json import dlrm_json

# Graphs, dense weights and engines are hashed again; the table's files, tens of seconds to read, are compared by size:
# they were synced to disk before the manifest that lists them was written.
HASHED_UP_TO = 64 << 20
_AGAIN = "run create_models.py with these settings first"


def check_files(folder, files, names):
    """Refuse files that are not as a manifest lists them: sizes, and SHA-256 of all but the large."""
    for name in names:
        path, listed = folder / name, files[name]
        size = path.stat().st_size if path.is_file() else None
        if size != listed["bytes"]:
            found = "is not there" if size is None else f"has {size} bytes"
            raise EnvironmentFaultError(f"{path} {found}, its manifest says {listed['bytes']} bytes; {_AGAIN}")
        if size <= HASHED_UP_TO and sha256_file(path) != listed["sha256"]:
            raise EnvironmentFaultError(f"{path} does not have the SHA-256 of its manifest: it was changed; {_AGAIN}")


def check_artifacts(chosen, needed):
    """The manifest of whole artifacts made from these settings, with their dlrm.json, that hold all of ``needed``.

    chosen: Settings with hps and paths.artifacts; needed: files or folders relative to that folder.
    Raises EnvironmentFaultError with what is wrong.
    """
    folder = chosen.paths["artifacts"]
    manifest = read_json(folder / create_models.MANIFEST)
    if manifest is None:
        raise EnvironmentFaultError(f"{folder}: no whole {create_models.MANIFEST}; {_AGAIN}")
    try:
        key = create_models.artifact_key(chosen.model, manifest["versions"])
    except (KeyError, TypeError) as problem:
        raise EnvironmentFaultError(f"{folder}: the manifest lacks {problem}; {_AGAIN}") from problem
    if manifest.get("schema") != create_models.SCHEMA or manifest.get("key") != key:
        found = f"{manifest.get('schema')} {str(manifest.get('key'))[:12]}"
        raise EnvironmentFaultError(
            f"{folder}: the artifacts are {found}, these settings and programs make {create_models.SCHEMA} {key[:12]};"
            f" {_AGAIN}"
        )
    files = manifest["files"]
    for name in needed:
        if not any(file == name or file.startswith(f"{name}/") for file in files):
            raise EnvironmentFaultError(f"{folder}: the artifacts hold no {name}; {_AGAIN}")
    check_files(folder, files, sorted(files))
    if (folder / create_models.SERVER_JSON).read_text(encoding="utf-8") != dlrm_json(chosen.model, chosen.hps):
        raise EnvironmentFaultError(
            f"{folder / create_models.SERVER_JSON} is not what these hps settings make; {_AGAIN}, which rewrites it"
        )
    return manifest
