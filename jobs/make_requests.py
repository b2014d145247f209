"""Writes the request files that perf_analyzer replays: for each batch size N one ``N.json``, or a folder ``N``.

    python3 make_requests.py --settings settings.json

A file holds one request: ``{"data":[{"categorical_features":[N*26 integers],"numerical_features":[N*13 numbers]}]}``,
row-major; with ``requests.tensors`` "binary" the folder holds the same numbers as raw little-endian files, one a tensor
by its name: int32 and float32. Keys are global: slot s draws in [offset_s, offset_s + cardinality_s), where the
published sample's keys lie too, uniformly unless ``requests.keys`` says otherwise (hpsb_request_keys.py).
Dense values look like the published ones: log1p of counts, 0 to 9, rounded to half precision, so that each is exact in
float32 and short in decimal. They always carry a decimal point: perf_analyzer refuses ``1`` for an FP32 tensor.

Each file depends on (seed, batch, model's slots) alone, not on the order or the company of other batches. Standard
library only; the same bytes on every machine and every Python from 3.8 on: only ``random.Random.random`` is drawn from.
A power law also takes the C library's pow, whose last bit may differ.
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
from hpsb_request_keys import UNIFORM, row_drawer

STAGE = "make-requests"
SCHEMA = "hps-bench/requests/2"
MANIFEST = "requests.json"
PROGRAMS = ("make_requests.py", "settings.py", "hpsb_console.py", "hpsb_files.py", "hpsb_request_keys.py")
TENSORS = ("categorical_features", "numerical_features")
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


def key_rows(model, seed, batch, keys=UNIFORM):
    """Yield the keys of one batch, as lists of at most 4096 rows * 26 integers."""
    draw = _generator(seed, batch, "categorical_features")
    slots = [(offset, row_drawer(keys, cardinality)) for offset, cardinality in zip(model.offsets, model.cardinalities)]
    for start in range(0, batch, _ROWS_AT_ONCE):
        rows = min(_ROWS_AT_ONCE, batch - start)
        yield [offset + row_of(draw) for _ in range(rows) for offset, row_of in slots]


def dense_rows(model, seed, batch, texts):
    """Yield the dense values of one batch, of ``texts`` (of any type), in lists of at most 4096 rows * 13."""
    draw = _generator(seed, batch, "numerical_features")
    count = len(texts)
    for start in range(0, batch, _ROWS_AT_ONCE):
        values = min(_ROWS_AT_ONCE, batch - start) * model.dense_features
        yield [texts[int(draw() * count)] for _ in range(values)]


def write_binary(folder, model, seed, batch, keys=UNIFORM):
    """Write one request as a folder of raw files (not yet synced); returns the SHA-256 of both, one after the other."""
    digest = hashlib.sha256()
    folder.mkdir()
    values = [float(text) for text in dense_texts()]
    parts = (key_rows(model, seed, batch, keys), dense_rows(model, seed, batch, values))
    for name, code, rows in zip(TENSORS, "if", parts):
        with (folder / name).open("wb") as file:
            for row in rows:
                data = struct.pack(f"<{len(row)}{code}", *row)
                digest.update(data)
                file.write(data)
    return digest.hexdigest()


def read_binary(folder):
    """A folder of raw files as the document that JSON would hold."""
    request = {}
    for name, code in zip(TENSORS, "if"):
        data = (folder / name).read_bytes()
        request[name] = list(struct.unpack(f"<{len(data) // 4}{code}", data))
    return {"data": [request]}


def write_request(path, model, seed, batch, keys=UNIFORM):
    """Write one request file (not yet synced) and return its SHA-256."""
    digest = hashlib.sha256()
    with path.open("wb") as file:

        def put(text):
            data = text.encode("ascii")
            digest.update(data)
            file.write(data)

        put('{"data":[{"categorical_features":[')
        for index, row in enumerate(key_rows(model, seed, batch, keys)):
            put(("," if index else "") + ",".join(map(str, row)))
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


def file_key(model, requests, batch, programs):
    """Content key of one request file or folder."""
    shape = {"cardinalities": model.cardinalities, "dense_features": model.dense_features, "batch": batch}
    drawn = {"seed": requests.seed, "tensors": requests.tensors, "keys": vars(requests.keys)}
    return content_key({"schema": SCHEMA, **shape, **drawn, "programs": programs})


def _name(batch, tensors):
    return str(batch) if tensors == "binary" else f"{batch}.json"


def _files(path):
    """The files of a request: itself, or both of its folder."""
    return [path / name for name in TENSORS] if path.is_dir() else [path]


def _is_whole(folder, name, files, wanted):
    path, entry = folder / name, files.get(name)
    if not isinstance(entry, dict) or entry.get("key") != wanted[name]:
        return False
    parts = _files(path)
    if not all(part.is_file() for part in parts) or sum(part.stat().st_size for part in parts) != entry.get("bytes"):
        return False
    return _digest(parts) == entry.get("sha256")


def _digest(parts):
    if len(parts) == 1:
        return sha256_file(parts[0])
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.read_bytes())
    return digest.hexdigest()


def _make_one(path, model, requests, batch, key):
    building = building_name(path)
    started = time.monotonic()
    remove(building)
    try:
        if requests.tensors == "binary":
            digest = write_binary(building, model, requests.seed, batch, requests.keys)
            document = read_binary(building)
        else:
            digest = write_request(building, model, requests.seed, batch, requests.keys)
            document = json.loads(building.read_text(encoding="ascii"))
        check_request(document, model, batch)
        remove(path)
        publish(building, path)
    finally:
        remove(building)
    size = sum(part.stat().st_size for part in _files(path))
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
    names = {batch: _name(batch, requests.tensors) for batch in requests.batches}
    wanted = {names[b]: file_key(model, requests, b, programs) for b in requests.batches}
    make_folder(folder)
    with folder_lock(folder):
        old = (read_json(folder / MANIFEST) or {}).get("files", {})
        missing = [b for b in sorted(requests.batches) if not _is_whole(folder, names[b], old, wanted)]
        if not missing:
            _write_manifest_if_changed(folder, wanted, old)
            say(f"reused: {len(wanted)} request files in {folder}")
            return []
        check_disk(folder, sum(bytes_bound(model, b) for b in missing), 0, f"{len(missing)} request files")
        progress = Progress(STAGE, "requests", sum(missing), "samples")
        files, done = dict(old), 0
        for batch in missing:
            name = names[batch]
            files[name] = _make_one(folder / name, model, requests, batch, wanted[name])
            _write_manifest(folder, wanted, files)
            done += batch
            progress.at(done)
    return [names[b] for b in missing]


def _write_manifest_if_changed(folder, wanted, files):
    if (read_json(folder / MANIFEST) or {}).get("key") != content_key({n: wanted[n] for n in sorted(wanted)}):
        _write_manifest(folder, wanted, files)


def main(path):
    """The program: settings file to request files."""
    chosen = settings.load(path, needs=("requests",), paths=("requests",))
    make_requests(chosen.model, chosen.requests, chosen.paths["requests"])


if __name__ == "__main__":
    sys.exit(run_program(STAGE, "Writes the request files that perf_analyzer replays.", main))
