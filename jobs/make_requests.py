"""Writes the request files that perf_analyzer replays: one ``N.json`` per batch size N.

    python3 make_requests.py --settings settings.json

A file holds one request: ``{"data":[{"categorical_features":[N*26 integers],"numerical_features":[N*13 numbers]}]}``,
row-major. Keys are global: slot s draws uniformly in [offset_s, offset_s + cardinality_s), where the published sample's
keys lie too.
Dense values look like the published ones: log1p of counts, 0 to 9, rounded to half precision, so that each is exact in
float32 and short in decimal. They always carry a decimal point: perf_analyzer refuses ``1`` for an FP32 tensor.

Each file depends on (seed, batch, model's slots) alone, not on the order or the company of other batches. Standard
library only; the same bytes on every machine and every Python from 3.8 on: only ``random.Random.random`` is drawn from.
"""

from __future__ import annotations

import hashlib
import json
import math
import random
import struct
import sys
import time

import settings
from hpsb_console import Progress, run_program, say
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
    write_whole,
)

STAGE = "make-requests"
SCHEMA = "hps-bench/requests/1"
MANIFEST = "requests.json"
PROGRAMS = ("make_requests.py", "settings.py", "hpsb_console.py", "hpsb_files.py")
DENSE_HIGHEST = 9.0
_ROWS_AT_ONCE = 4096


def dense_texts():
    """The decimal texts of the dense values, 1024 quantiles of log1p(count) with log(1 + count) spread over 0 to 9.

    Rounding to half precision gives the very numbers of the published sample: 1.0986328125 is log1p(2).
    """
    texts = []
    for step in range(1024):
        count = math.floor(math.expm1(DENSE_HIGHEST * step / 1024))
        (value,) = struct.unpack("<e", struct.pack("<e", math.log1p(count)))
        texts.append(repr(value))
    return texts


def _generator(seed, batch, tensor):
    name = f"hps-bench/request:{seed}:{batch}:{tensor}".encode()
    return random.Random(int.from_bytes(hashlib.sha256(name).digest(), "big")).random


def key_rows(model, seed, batch):
    """Yield the keys of one batch, as lists of at most 4096 rows * 26 integers."""
    draw = _generator(seed, batch, "categorical_features")
    slots = list(zip(model.offsets, model.cardinalities))
    for start in range(0, batch, _ROWS_AT_ONCE):
        rows = min(_ROWS_AT_ONCE, batch - start)
        # random() < 1 and cardinalities are far below 2**53, so the product rounds to less than the cardinality
        yield [offset + int(draw() * cardinality) for _ in range(rows) for offset, cardinality in slots]


def dense_rows(model, seed, batch, texts):
    """Yield the dense values of one batch as decimal texts, in lists of at most 4096 rows * 13."""
    draw = _generator(seed, batch, "numerical_features")
    count = len(texts)
    for start in range(0, batch, _ROWS_AT_ONCE):
        values = min(_ROWS_AT_ONCE, batch - start) * model.dense_features
        yield [texts[int(draw() * count)] for _ in range(values)]


def write_request(path, model, seed, batch):
    """Write one request file (not yet synced) and return its SHA-256."""
    digest = hashlib.sha256()
    with path.open("wb") as file:

        def put(text):
            data = text.encode("ascii")
            digest.update(data)
            file.write(data)

        put('{"data":[{"categorical_features":[')
        for index, keys in enumerate(key_rows(model, seed, batch)):
            put(("," if index else "") + ",".join(map(str, keys)))
        put('],"numerical_features":[')
        for index, values in enumerate(dense_rows(model, seed, batch, dense_texts())):
            put(("," if index else "") + ",".join(values))
        put("]}]}\n")
    return digest.hexdigest()


def check_request(document, model, batch):
    """Raise ValueError if a decoded request has not the counts, types and ranges that the model wants."""
    (request,) = document["data"]
    keys, dense = request["categorical_features"], request["numerical_features"]
    slots = len(model.cardinalities)
    if len(keys) != batch * slots or len(dense) != batch * model.dense_features:
        raise ValueError(
            f"{len(keys)} keys and {len(dense)} dense values, wanted {batch} times {slots} and {model.dense_features}"
        )
    for slot, (offset, cardinality) in enumerate(zip(model.offsets, model.cardinalities)):
        column = keys[slot::slots]
        if set(map(type, column)) != {int} or not offset <= min(column) <= max(column) < offset + cardinality:
            raise ValueError(
                f"slot {slot}: keys {min(column)} to {max(column)}, allowed {offset} to {offset + cardinality - 1}"
            )
    if set(map(type, dense)) != {float} or not 0 <= min(dense) <= max(dense) <= DENSE_HIGHEST + 1:
        raise ValueError(f"dense values {min(dense)} to {max(dense)}, allowed decimals from 0.0 to {DENSE_HIGHEST + 1}")


def bytes_bound(model, batch):
    """The most bytes that the file of one batch can take."""
    keys = sum(len(str(o + c - 1)) + 1 for o, c in zip(model.offsets, model.cardinalities))
    dense = model.dense_features * (max(map(len, dense_texts())) + 1)
    return batch * (keys + dense) + 128


def file_key(model, seed, tensors, batch, programs):
    """Content key of one request file."""
    shape = {"cardinalities": model.cardinalities, "dense_features": model.dense_features, "batch": batch}
    return content_key({"schema": SCHEMA, **shape, "seed": seed, "tensors": tensors, "programs": programs})


def _is_whole(folder, name, files, wanted):
    path, entry = folder / name, files.get(name)
    if not isinstance(entry, dict) or entry.get("key") != wanted[name] or not path.is_file():
        return False
    return path.stat().st_size == entry.get("bytes") and sha256_file(path) == entry.get("sha256")


def _make_one(path, model, seed, batch, key):
    building = building_name(path)
    started = time.monotonic()
    try:
        digest = write_request(building, model, seed, batch)
        check_request(json.loads(building.read_text(encoding="ascii")), model, batch)
        publish(building, path)
    finally:
        remove(building)
    size = path.stat().st_size
    seconds = time.monotonic() - started
    say(f"{path.name}: {batch} samples, {size} bytes, {seconds:.1f} s")
    return {"batch": batch, "bytes": size, "sha256": digest, "key": key, "seconds": round(seconds, 3)}


def _write_manifest(folder, wanted, files):
    # A batch that was made before and is not asked for now keeps its file and its entry.
    key = content_key({name: wanted[name] for name in sorted(wanted)})
    manifest = {"schema": SCHEMA, "key": key, "files": dict(sorted(files.items(), key=lambda item: item[1]["batch"]))}
    write_whole(folder / MANIFEST, json.dumps(manifest, indent=2) + "\n")


def make_requests(model, requests, folder):
    """Make the request files that are missing or made from something else; returns the names of those made."""
    programs = program_digests(PROGRAMS)
    wanted = {f"{b}.json": file_key(model, requests.seed, requests.tensors, b, programs) for b in requests.batches}
    make_folder(folder)
    with folder_lock(folder):
        old = (read_json(folder / MANIFEST) or {}).get("files", {})
        missing = [b for b in sorted(requests.batches) if not _is_whole(folder, f"{b}.json", old, wanted)]
        if not missing:
            _write_manifest_if_changed(folder, wanted, old)
            say(f"reused: {len(wanted)} request files in {folder}")
            return []
        check_disk(folder, sum(bytes_bound(model, b) for b in missing), 0, f"{len(missing)} request files")
        progress = Progress(STAGE, "requests", sum(missing), "samples")
        files, done = dict(old), 0
        for batch in missing:
            name = f"{batch}.json"
            files[name] = _make_one(folder / name, model, requests.seed, batch, wanted[name])
            _write_manifest(folder, wanted, files)
            done += batch
            progress.at(done)
    return [f"{b}.json" for b in missing]


def _write_manifest_if_changed(folder, wanted, files):
    if (read_json(folder / MANIFEST) or {}).get("key") != content_key({n: wanted[n] for n in sorted(wanted)}):
        _write_manifest(folder, wanted, files)


def main(path):
    """The program: settings file to request files."""
    chosen = settings.load(path, needs=("requests",), paths=("requests",))
    make_requests(chosen.model, chosen.requests, chosen.paths["requests"])


if __name__ == "__main__":
    sys.exit(run_program(STAGE, "Writes the request files that perf_analyzer replays.", main))
