"""The first replay of every request after the models were loaded, apart from what is measured warm.

Without it the figures say nothing about a cold cache: they are from one request sent again and again. Each request is
sent once to each variant and timed by the client, smallest batch first, before anything else is sent.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

from hpsb_triton import Request, Triton, request_path

FILE_NAME = "cold.json"
SCHEMA = "hps-bench/cold/1"
# A variant that begins only with its first request may load its table then.
PATIENCE_S = 900.0


def _key(item):
    return "{}/{}".format(item["variant"], item["batch"])


def replay_cold(address, paths, measurements, start_id, write):
    """Send what was never sent since the start of Triton; returns the document, which ``write(path, document)`` keeps.

    A model that has answered before is not cold: what an earlier measure.py noted for the same start holds.
    measurements: what is owed. {"schema", "start_id", "rows": {"<variant>/<batch>": {"us", "initialises", "repeat"}}}.
    """
    path = Path(paths["results"]) / FILE_NAME
    known = _read(path)
    same = known is not None and start_id is not None and known["start_id"] == start_id
    document = known if same else {"schema": SCHEMA, "start_id": start_id, "rows": {}}
    triton = Triton(address, timeout=PATIENCE_S)
    try:
        cells = [item for item in measurements if item.get("role", "cell") == "cell"]
        fresh = {item["variant"] for item in cells if _never_asked(triton, item["variant"])}
        for batch in sorted({item["batch"] for item in cells if item["variant"] in fresh}):
            request = Request(request_path(paths, batch))
            for item in _first_repeats(cells, batch, fresh):
                initialises = not any(key.startswith(item["variant"] + "/") for key in document["rows"])
                started = time.monotonic()
                triton.infer(item["variant"], request)
                us = (time.monotonic() - started) * 1e6
                document["rows"][_key(item)] = {"us": us, "initialises": initialises, "repeat": item["repeat"]}
            write(path, document)
    finally:
        triton.close()
    return document


def cold_of(document, item):
    """What evidence of this measurement holds: the cold replay counts once, for the first repeat after the start."""
    row = document["rows"].get(_key(item))
    if row is None or item.get("role", "cell") != "cell" or row["repeat"] != item["repeat"]:
        return None
    return {"us": row["us"], "initialises": row["initialises"]}


def _never_asked(triton, variant):
    counters = triton.statistics(variant)
    return counters["success"]["count"] + counters["fail"]["count"] == 0


def _first_repeats(cells, batch, variants):
    """Of each variant's measurements at this batch the one of the lowest repeat."""
    first = {}
    for item in cells:
        if item["batch"] == batch and item["variant"] in variants:
            other = first.get(item["variant"])
            first[item["variant"]] = item if other is None or item["repeat"] < other["repeat"] else other
    return first.values()


def _read(path):
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return document if isinstance(document, dict) and document.get("schema") == SCHEMA else None
