"""Makes the model artifacts of the benchmark in one folder: the stage create-models.

    python3 create_models.py --settings settings.json

    dlrm_embedding_table/key, emb_vector   the table as the parameter server reads it
    dlrm.json                              the parameter server's configuration
    native_tf/model.savedmodel             the whole model, its table pinned to host memory
    dlrm_dense_tf_saved_model              the dense half: embedding rows and dense values to score
    dlrm_dense.onnx                        the same, for ONNX Runtime and for TensorRT
    manifest.json                          written last: content key, sizes, SHA-256, versions, scores

Each artifact is made under a temporary name beside its final one. Started again on a folder whose manifest has the same
content key, it says "reused" and ends; on anything else it removes its own artifacts and makes them again. dlrm.json
follows the settings of the parameter server, which are no part of the key: it is rewritten alone.

This process needs numpy and writes the table; TensorFlow runs in a child (hpsb_models.py), which a signal ends at once.
"""

from __future__ import annotations

import collections
import json
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import settings
from hpsb_console import EnvironmentFaultError, Progress, run_program, say
from hpsb_files import (
    building_name,
    check_disk,
    content_key,
    folder_lock,
    make_folder,
    program_digests,
    publish,
    read_json,
    remove,
    sha256_file,
    size_on_disk,
    write_whole,
)
from hpsb_server_json import TABLE_FOLDER, dlrm_json
from hpsb_versions import library_versions

STAGE = "create-models"
SCHEMA = "hps-bench/artifacts/1"
MANIFEST = "manifest.json"
SERVER_JSON = "dlrm.json"
NATIVE = "native_tf/model.savedmodel"
DENSE = "dlrm_dense_tf_saved_model"
ONNX = "dlrm_dense.onnx"
ARTIFACTS = (TABLE_FOLDER, NATIVE, DENSE, ONNX)
PROGRAMS = (
    "create_models.py",
    "settings.py",
    "hpsb_console.py",
    "hpsb_dlrm.py",
    "hpsb_files.py",
    "hpsb_models.py",
    "hpsb_onnx.py",
    "hpsb_seeded.py",
    "hpsb_server_json.py",
    "hpsb_table.py",
    "hpsb_versions.py",
)
_GRAPHS = 16 << 20  # graphs, metadata and indexes of all SavedModels together; about 2 MB seen


def dense_parameters(model):
    """Weights and biases of both MLPs."""
    rows = len(model.cardinalities) + 1
    top_inputs = model.embedding_width + rows * (rows - 1) // 2
    layers = [(model.dense_features, *model.bottom_mlp), (top_inputs, *model.top_mlp)]
    return sum((a + 1) * b for widths in layers for a, b in zip(widths, widths[1:]))


def bytes_needed(model):
    """Disk that all artifacts take: the table twice, its keys, the dense weights three times, and the graphs."""
    vectors = model.rows * model.embedding_width * 4
    return 2 * vectors + model.rows * 8 + 3 * 4 * dense_parameters(model) + _GRAPHS


def artifact_key(model, versions):
    """Content key of the artifacts: the model, the programs that make it, the libraries that they use."""
    described = {**vars(model), "table": vars(model.table)}
    made_by = {name: versions[name] for name in ("tensorflow", "tf2onnx", "onnx")}
    return content_key(
        {"schema": SCHEMA, "model": described, "programs": program_digests(PROGRAMS), "versions": made_by}
    )


def is_whole(folder, manifest, key):
    """Whether the folder holds what its manifest lists, by size, and the key is this one. dlrm.json is left out."""
    if manifest is None or manifest.get("schema") != SCHEMA or manifest.get("key") != key:
        return False
    files = manifest.get("files", {})
    names = [name for name in files if name != SERVER_JSON]
    return bool(names) and all(
        (folder / name).is_file() and (folder / name).stat().st_size == files[name]["bytes"] for name in names
    )


def remove_artifacts(folder):
    """Remove the manifest first, then what it stood for, whole or unfinished. Nothing else in the folder is touched."""
    for name in (MANIFEST, SERVER_JSON, *ARTIFACTS):
        remove(folder / name)
        remove(building_name(folder / name))
    remove(building_name(folder / "report"))


def write_table(folder, model):
    """Write and publish the table's folder; returns the digests of its files by name."""
    import hpsb_table  # numpy, not needed for a reuse

    building = building_name(folder / TABLE_FOLDER)
    building.mkdir()
    progress = Progress(STAGE, "table", model.rows, "rows")
    digests = {
        f"{TABLE_FOLDER}/key": hpsb_table.write_keys(building / "key", model.rows),
        f"{TABLE_FOLDER}/emb_vector": hpsb_table.write_vectors(building / "emb_vector", model, progress.at),
    }
    publish(building, folder / TABLE_FOLDER)
    return digests


def _watch(child, path, total):
    """Report how the SavedModel's files grow until the child ends; returns its exit status."""
    progress = Progress(STAGE, "saved-models", total, "bytes")
    while True:
        try:
            status = child.wait(timeout=0.5)
        except subprocess.TimeoutExpired:
            progress.at(min(size_on_disk(path), total - 1))
        else:
            if status == 0:
                progress.at(total)
            return status


def run_child(command, lock, watch):
    """Run the TensorFlow child; ``watch(child)`` waits for it. Its own noise is shown only if it fails."""
    # A fixed hash seed: tf2onnx names and orders nodes by sets, and the ONNX file shall be the same bytes each time.
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONHASHSEED": "0"}
    child = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        pass_fds=(lock,),
        env=environment,
        errors="replace",
        text=True,
    )
    tail = collections.deque(maxlen=200)
    reader = threading.Thread(target=lambda: tail.extend(child.stderr), daemon=True)
    reader.start()
    try:
        status = watch(child)
    finally:
        child.kill()  # does nothing to one that has ended
        child.wait()
    reader.join(timeout=5)
    if status != 0:
        sys.stderr.write("".join(tail))
        if any("No space left on device" in line or "RESOURCE_EXHAUSTED" in line for line in tail):
            raise EnvironmentFaultError("disk or memory ran out while the models were saved; the lines above say which")
        raise RuntimeError(f"hpsb_models.py ended with {status}; its last lines stand above")


def save_models(folder, settings_path, model, lock):
    """Save the SavedModels and the ONNX file in the child, publish them; returns the child's report."""
    native, dense, onnx = (building_name(folder / name) for name in (NATIVE, DENSE, ONNX))
    report_path = building_name(folder / "report")
    native.parent.mkdir(exist_ok=True)
    program = str(Path(__file__).resolve().with_name("hpsb_models.py"))
    command = [sys.executable, program, "--settings", str(settings_path)]
    command += ["--table", str(folder / TABLE_FOLDER / "emb_vector"), "--native", str(native), "--dense", str(dense)]
    command += ["--onnx", str(onnx), "--report", str(report_path)]
    total = model.rows * model.embedding_width * 4 + 4 * dense_parameters(model)
    run_child(command, lock, lambda child: _watch(child, native, total))
    report = json.loads(report_path.read_text(encoding="utf-8"))
    remove(report_path)
    if report["complaint"]:
        table = model.table
        raise settings.SettingsError(
            f"model.table: got low {table.low:g}, high {table.high:g}; {report['complaint']},"
            " which would hide an error; allowed: a range that keeps the sigmoid open, such as -0.05 to 0.05"
        )
    for building, name in ((native, NATIVE), (dense, DENSE), (onnx, ONNX)):
        publish(building, folder / name)
    return report


def describe_files(folder, known):
    """Size and SHA-256 of every artifact file; digests that are known already are not computed again."""
    roots = [folder / name for name in (SERVER_JSON, *ARTIFACTS)]
    paths = sorted(p for root in roots for p in (root.rglob("*") if root.is_dir() else [root]) if p.is_file())
    names = [str(path.relative_to(folder)) for path in paths]
    with ThreadPoolExecutor(2) as pool:
        digests = list(pool.map(lambda path, name: known.get(name) or sha256_file(path), paths, names))
    return {name: {"bytes": path.stat().st_size, "sha256": digest} for name, path, digest in zip(names, paths, digests)}


def _write_manifest(folder, manifest):
    write_whole(folder / MANIFEST, json.dumps(manifest, indent=2) + "\n")


def follow_server_settings(folder, manifest, text):
    """Rewrite dlrm.json where the parameter server's settings changed; returns whether it did."""
    path = folder / SERVER_JSON
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return False
    write_whole(path, text)
    manifest["files"][SERVER_JSON] = {"bytes": path.stat().st_size, "sha256": sha256_file(path)}
    _write_manifest(folder, manifest)
    return True


def create(folder, settings_path, model, server_text, key, versions, lock):
    """Make everything in an emptied folder, the manifest last."""
    started = time.monotonic()
    digests = write_table(folder, model)
    table_seconds = round(time.monotonic() - started, 3)
    say(f"table: {model.rows} rows in {table_seconds:.1f} s")
    report = save_models(folder, settings_path, model, lock)
    write_whole(folder / SERVER_JSON, server_text)
    hashing = time.monotonic()
    files = describe_files(folder, digests)
    now = time.monotonic()
    seconds = {"table": table_seconds, **report["seconds"]}
    seconds.update(hash=round(now - hashing, 3), all=round(now - started, 3))
    manifest = {
        "schema": SCHEMA,
        "key": key,
        "model": {
            "name": model.name,
            "rows": model.rows,
            "cardinalities": list(model.cardinalities),
            "offsets": list(model.offsets),
            "embedding_width": model.embedding_width,
            "dense_features": model.dense_features,
            "dense_parameters": dense_parameters(model),
        },
        "bytes": sum(file["bytes"] for file in files.values()),
        "files": files,
        "versions": {"python": ".".join(map(str, sys.version_info[:3])), **versions},
        "scores": report["scores"],
        "seconds": seconds,
    }
    _write_manifest(folder, manifest)
    say("scores of {samples} samples: {min:.6f} to {max:.6f}, deviation {std:.6f}".format(**report["scores"]))
    say(f"created: {len(files)} files, {manifest['bytes']} bytes in {seconds['all']:.1f} s, key {key[:12]}")


def main(path):
    """The program: settings file to artifact folder."""
    chosen = settings.load(path, needs=("hps",), paths=("artifacts",))
    model, folder = chosen.model, chosen.paths["artifacts"]
    versions = library_versions()
    key = artifact_key(model, versions)
    server_text = dlrm_json(model, chosen.hps)
    make_folder(folder)
    with folder_lock(folder) as lock:
        manifest = read_json(folder / MANIFEST)
        if is_whole(folder, manifest, key):
            changed = follow_server_settings(folder, manifest, server_text)
            note = "; dlrm.json rewritten for changed hps settings" if changed else ""
            say(f"reused: {folder}, key {key[:12]}{note}")
            return
        reclaimed = sum(size_on_disk(folder / name) + size_on_disk(building_name(folder / name)) for name in ARTIFACTS)
        check_disk(folder, bytes_needed(model), reclaimed, f"a table of {model.rows} rows with its SavedModel")
        remove_artifacts(folder)
        try:
            create(folder, path, model, server_text, key, versions, lock)
        except BaseException:
            remove_artifacts(folder)
            raise


if __name__ == "__main__":
    sys.exit(run_program(STAGE, "Makes the model artifacts of the benchmark.", main))
