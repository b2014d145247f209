"""Makes the model artifacts of the benchmark in one folder: the stage create-models.

    python3 create_models.py --settings settings.json

    dlrm_embedding_table/key, emb_vector   the table as the parameter server reads it
    dlrm.json                              the parameter server's configuration
    native_tf/model.savedmodel             the whole model, its table pinned to host memory
    tf_with_hps/model.savedmodel           HPS and the dense half, only where the settings ask for it
    dlrm_dense_tf_saved_model              the dense half: embedding rows and dense values to score
    dlrm_dense.onnx                        the same, for ONNX Runtime and for TensorRT
    dlrm_dense.npz                         the dense weights alone, for PyTorch
    manifest.json                          written last: content key, sizes, SHA-256, versions, scores

The table's bytes are stored once: emb_vector is also a data shard of the native model's checkpoint, by hard link.
Where the settings ask for nothing of TensorFlow's, there are only the table, dlrm.json and dlrm_dense.npz, and
TensorFlow need not be there.

Each artifact is made under a temporary name beside its final one. Started again on a folder whose manifest has the same
content key, it says "reused" and ends; on anything else it removes its own artifacts and makes them again. dlrm.json
follows the settings of the parameter server, which are no part of the key: it is rewritten alone.

This process needs numpy and writes the table; meanwhile TensorFlow makes the models in a child (hpsb_models.py), which
needs nothing of the table but its CRC in the end, and which a signal ends at once.
"""

from __future__ import annotations

import collections
import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import settings
from hpsb_console import EXIT_ENVIRONMENT, EnvironmentFaultError, Progress, run_program, say
from hpsb_files import (
    building_name,
    can_link,
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
from hpsb_machine import check_machine
from hpsb_server_json import TABLE_FOLDER, dlrm_json
from hpsb_versions import hps_version, library_versions

STAGE = "create-models"
SCHEMA = "hps-bench/artifacts/2"
MANIFEST = "manifest.json"
SERVER_JSON = "dlrm.json"
VECTORS = f"{TABLE_FOLDER}/emb_vector"
NATIVE = "native_tf/model.savedmodel"
SHARD = f"{NATIVE}/variables/variables.data-00001-of-00002"  # the other name of the table's file
HPS = "tf_with_hps/model.savedmodel"
DENSE = "dlrm_dense_tf_saved_model"
ONNX = "dlrm_dense.onnx"
WEIGHTS = "dlrm_dense.npz"
ARTIFACTS = (TABLE_FOLDER, NATIVE, HPS, DENSE, ONNX, WEIGHTS)
PROGRAMS = (
    "create_models.py",
    "settings.py",
    "hpsb_checkpoint.py",
    "hpsb_console.py",
    "hpsb_crc32c.py",
    "hpsb_dlrm.py",
    "hpsb_files.py",
    "hpsb_hps_model.py",
    "hpsb_models.py",
    "hpsb_onnx.py",
    "hpsb_saved_model.py",
    "hpsb_seeded.py",
    "hpsb_server_json.py",
    "hpsb_table.py",
    "hpsb_versions.py",
    "hpsb_weights.py",
)
_GRAPHS = 16 << 20  # graphs, metadata and indexes of all SavedModels together; about 2 MB seen


def dense_parameters(model):
    """Weights and biases of both MLPs."""
    rows = len(model.cardinalities) + 1
    top_inputs = model.embedding_width + rows * (rows - 1) // 2
    layers = [(model.dense_features, *model.bottom_mlp), (top_inputs, *model.top_mlp)]
    return sum((a + 1) * b for widths in layers for a, b in zip(widths, widths[1:]))


def bytes_needed(model, copies=1):
    """Disk that all artifacts take: ``copies`` of the table, its keys, the dense weights five times, and the graphs."""
    vectors = model.rows * model.embedding_width * 4
    return copies * vectors + model.rows * 8 + 5 * 4 * dense_parameters(model) + _GRAPHS


def artifact_key(model, versions):
    """Content key of the artifacts: the model, the programs that make it, the libraries that they use."""
    described = {**vars(model), "table": vars(model.table)}
    made_by = {name: versions.get(name) for name in ("tensorflow", "tf2onnx", "onnx")}
    return content_key(
        {"schema": SCHEMA, "model": described, "programs": program_digests(PROGRAMS), "versions": made_by}
    )


def frozen_by_hps(chosen):
    """What the HPS SavedModel holds of the settings, and by which module; None where none is asked for."""
    if not chosen.artifacts.hps_saved_model:
        return None
    hps = chosen.hps
    return {
        "max_batch_size": hps.max_batch_size,
        "deployed_devices": list(hps.deployed_devices),
        "module": hps_version(),
    }


def is_whole(folder, manifest, key, frozen=None):
    """Whether the folder holds what its manifest lists, by size, and these settings make it; dlrm.json is left out.

    An HPS SavedModel that is not asked for (``frozen`` is None) may be there.
    """
    if manifest is None or manifest.get("schema") != SCHEMA or manifest.get("key") != key:
        return False
    if frozen not in (None, manifest.get("hps_saved_model")):
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
    for name in (NATIVE, HPS):
        with contextlib.suppress(OSError):  # absent, or somebody else's file is inside
            (folder / name).parent.rmdir()


def write_table(folder, model, watch):
    """Write and publish the table's folder, calling ``watch()`` at each step; returns (digests by name, CRC-32C)."""
    import hpsb_table  # numpy, not needed for a reuse

    building = building_name(folder / TABLE_FOLDER)
    building.mkdir()
    progress = Progress(STAGE, "table", model.rows, "rows")

    def at(rows):
        progress.at(rows)
        watch()

    digests = {f"{TABLE_FOLDER}/key": hpsb_table.write_keys(building / "key", model.rows)}
    digests[VECTORS], crc = hpsb_table.write_vectors(building / "emb_vector", model, at)
    publish(building, folder / TABLE_FOLDER)
    return digests, crc


class ModelsChild:
    """The TensorFlow child at work. Its own noise is shown only if it fails; it ends with this process."""

    def __init__(self, command, lock):
        # A fixed hash seed: tf2onnx names and orders nodes by sets, and the ONNX file shall always be the same bytes.
        environment = {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONHASHSEED": "0"}
        self._child = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=(lock,),
            env=environment,
            errors="replace",
            text=True,
        )
        self._tail = collections.deque(maxlen=200)
        self._reader = threading.Thread(target=lambda: self._tail.extend(self._child.stderr), daemon=True)
        self._reader.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._child.kill()  # does nothing to one that has ended
        self._child.wait()
        self._child.stdin.close()

    def ended(self):
        """Whether it has ended well. Raises what it died of."""
        status = self._child.poll()
        if status:
            self._raise(status)
        return status == 0

    def tell(self, **told):
        """Send it a line."""
        try:
            self._child.stdin.write(json.dumps(told) + "\n")
            self._child.stdin.flush()
        except BrokenPipeError:  # it has ended: wait() says of what
            pass

    def wait(self):
        """Wait for its end. Raises what it died of."""
        status = self._child.wait()
        if status:
            self._raise(status)

    def _raise(self, status):
        self._reader.join(timeout=5)
        lines = list(self._tail)
        if status == EXIT_ENVIRONMENT:
            raise EnvironmentFaultError(lines[-1].strip() if lines else "the models cannot be made here")
        sys.stderr.write("".join(lines))
        if any("No space left on device" in line or "RESOURCE_EXHAUSTED" in line for line in lines):
            raise EnvironmentFaultError("disk or memory ran out while the models were saved; the lines above say which")
        raise RuntimeError(f"hpsb_models.py ended with {status}; its last lines stand above")


def models_command(folder, settings_path, hps_saved_model):
    """The command line of the child, all its outputs under temporary names."""
    outputs = {"native": NATIVE, "dense": DENSE, "onnx": ONNX, "report": "report"}
    if hps_saved_model:
        outputs["hps"] = HPS
    command = [sys.executable, str(Path(__file__).resolve().with_name("hpsb_models.py"))]
    command += ["--settings", str(settings_path)]
    for option, name in outputs.items():
        path = building_name(folder / name)
        path.parent.mkdir(exist_ok=True)
        command += [f"--{option}", str(path)]
    return command


def read_report(folder, model):
    """The child's report. Raises SettingsError where it complains of the scores."""
    report = json.loads(building_name(folder / "report").read_text(encoding="utf-8"))
    refuse_scores(report, model)
    return report


def refuse_scores(report, model):
    """Raises SettingsError where a report complains of the scores."""
    if report["complaint"]:
        table = model.table
        raise settings.SettingsError(
            f"model.table: got low {table.low:g}, high {table.high:g}; {report['complaint']},"
            " which would hide an error; allowed: a range that keeps the sigmoid open, such as -0.05 to 0.05"
        )


def write_dense_weights(folder, model):
    """Write and publish dlrm_dense.npz."""
    import hpsb_weights  # numpy, not needed for a reuse

    building = building_name(folder / WEIGHTS)
    hpsb_weights.write_weights(building, model)
    publish(building, folder / WEIGHTS)


def make_table_and_weights(folder, model):
    """Everything that needs no TensorFlow, where that is all; returns as make_parts does."""
    import hpsb_weights
    from hpsb_models import SAMPLE_ROWS, score_complaint, score_warning

    started = time.monotonic()
    statistics = hpsb_weights.score_statistics(model, SAMPLE_ROWS)
    report = {"complaint": score_complaint(statistics, model.rows, len(model.cardinalities)), "scores": statistics}
    refuse_scores(report, model)
    digests, _ = write_table(folder, model, lambda: None)
    seconds = round(time.monotonic() - started, 3)
    say(f"table: {model.rows} rows in {seconds:.1f} s")
    return digests, seconds, {**report, "linked": True, "seconds": {}, "warning": score_warning(statistics)}


def make_parts(folder, settings_path, chosen, lock):
    """Write the table here, the models in the child, at once; publish all; returns (digests, table seconds, report)."""
    model, hps_saved_model = chosen.model, chosen.artifacts.hps_saved_model
    started = time.monotonic()
    with ModelsChild(models_command(folder, settings_path, hps_saved_model), lock) as child:

        def watch():
            if child.ended():  # before it was told of the table: only a complaint does that
                read_report(folder, model)

        digests, crc = write_table(folder, model, watch)
        seconds = round(time.monotonic() - started, 3)
        say(f"table: {model.rows} rows in {seconds:.1f} s")
        child.tell(table=str(folder / VECTORS), crc32c=crc)
        child.wait()
    report = read_report(folder, model)
    remove(building_name(folder / "report"))
    for name in (NATIVE, DENSE, ONNX, *([HPS] if hps_saved_model else [])):
        publish(building_name(folder / name), folder / name)
    if not report["linked"]:
        say("this file system has no hard links: the table is stored twice, as emb_vector and inside native_tf")
    if report["warning"]:
        say(f"warning: model.table from {model.table.low:g} to {model.table.high:g}: {report['warning']}")
    digests[SHARD] = digests[VECTORS]
    return digests, seconds, report


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


def create(folder, settings_path, chosen, server_text, key, versions, lock):
    """Make everything in an emptied folder, the manifest last."""
    model = chosen.model
    started = time.monotonic()
    with_tensorflow = chosen.artifacts.tensorflow
    if with_tensorflow:
        digests, table_seconds, report = make_parts(folder, settings_path, chosen, lock)
    else:
        digests, table_seconds, report = make_table_and_weights(folder, model)
    write_dense_weights(folder, model)
    write_whole(folder / SERVER_JSON, server_text)
    hashing = time.monotonic()
    files = describe_files(folder, digests if report["linked"] else {**digests, SHARD: None})
    if with_tensorflow and files[SHARD]["sha256"] != files[VECTORS]["sha256"]:
        raise EnvironmentFaultError(f"{folder / SHARD}: is not the copy of {VECTORS} that it should be; check the disk")
    now = time.monotonic()
    seconds = {"table": table_seconds, **report["seconds"]}
    seconds.update(hash=round(now - hashing, 3), all=round(now - started, 3))
    manifest = {
        "schema": SCHEMA,
        "key": key,
        "spec_hash": chosen.spec_hash,
        "model": {
            "name": model.name,
            "rows": model.rows,
            "cardinalities": list(model.cardinalities),
            "offsets": list(model.offsets),
            "embedding_width": model.embedding_width,
            "dense_features": model.dense_features,
            "dense_parameters": dense_parameters(model),
            "table": vars(model.table),
            "seed": model.seed,
        },
        "bytes": size_on_disk(folder / name for name in files),
        "table_copies": 1 if report["linked"] else 2,
        "files": files,
        "hps_saved_model": frozen_by_hps(chosen),
        "versions": {"python": ".".join(map(str, sys.version_info[:3])), **versions},
        "scores": {**report["scores"], "warning": report["warning"]},
        "seconds": seconds,
    }
    _write_manifest(folder, manifest)
    say("scores of {samples} samples: {min:.6f} to {max:.6f}, deviation {std:.6f}".format(**report["scores"]))
    say(f"created: {len(files)} files, {manifest['bytes']} bytes in {seconds['all']:.1f} s, key {key[:12]}")


def plan_disk(folder, model, tensorflow=True):
    """Refuse what cannot end, before anything is removed or written."""
    copies = 1 if not tensorflow or can_link(folder) else 2
    names = [name for final in ARTIFACTS for name in (folder / final, building_name(folder / final))]
    what = f"a table of {model.rows} rows with its SavedModel"
    if copies == 2:
        what += ", stored twice since this file system has no hard links,"
    check_disk(folder, bytes_needed(model, copies), size_on_disk(names), what)


def main(path):
    """The program: settings file to artifact folder."""
    chosen = settings.load(path, needs=("hps", "artifacts"), paths=("artifacts",))
    model, folder = chosen.model, chosen.paths["artifacts"]
    versions = library_versions(chosen.artifacts.tensorflow)
    key, frozen = artifact_key(model, versions), frozen_by_hps(chosen)
    server_text = dlrm_json(model, chosen.hps)
    make_folder(folder)
    with folder_lock(folder) as lock:
        manifest = read_json(folder / MANIFEST)
        if is_whole(folder, manifest, key, frozen):
            changed = follow_server_settings(folder, manifest, server_text)
            note = "; dlrm.json rewritten for changed hps settings" if changed else ""
            say(f"reused: {folder}, key {key[:12]}{note}")
            return
        check_machine(STAGE, path)
        plan_disk(folder, model, chosen.artifacts.tensorflow)
        remove_artifacts(folder)
        try:
            create(folder, path, chosen, server_text, key, versions, lock)
        except BaseException:
            remove_artifacts(folder)
            raise


if __name__ == "__main__":
    sys.exit(run_program(STAGE, "Makes the model artifacts of the benchmark.", main))
