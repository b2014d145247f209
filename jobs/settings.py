"""The settings file that every program in this folder is started with.

``load(path, needs)`` reads the JSON, checks every value that the program needs, and returns a frozen ``Settings``.
A wrong value raises ``SettingsError``; its text names the key, the value and what is allowed. Sections of other
programs are ignored, unknown keys inside the sections below are refused (they are usually a typo).

JSON written by JavaScript says ``1`` for 1.0, so a number that is a float here accepts an integer and becomes a float.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, fields
from pathlib import Path

SCHEMA = "hps-bench/job-settings/1"
SLOTS = 26
MAX_KEY = 2**31 - 1  # keys are int32 in every graph of the benchmark


class SettingsError(ValueError):
    """A value in the settings file that cannot work."""


@dataclass(frozen=True)
class Table:
    """How the embedding table is drawn: float32, uniform in [low, high)."""

    distribution: str
    low: float
    high: float


@dataclass(frozen=True)
class Model:
    """Shape and seed of the model. ``cardinalities`` holds the rows of each slot, already scaled."""

    name: str
    cardinalities: tuple[int, ...]
    embedding_width: int
    dense_features: int
    bottom_mlp: tuple[int, ...]
    top_mlp: tuple[int, ...]
    seed: int
    table: Table
    opset: int

    @property
    def rows(self) -> int:
        """Rows of the fused table."""
        return sum(self.cardinalities)

    @property
    def offsets(self) -> tuple[int, ...]:
        """First global key of each slot."""
        return tuple(sum(self.cardinalities[:slot]) for slot in range(len(self.cardinalities)))


@dataclass(frozen=True)
class Hps:
    """What dlrm.json says to the parameter server."""

    gpu_cache_fraction: float
    workers: int
    hit_rate_threshold: float
    max_batch_size: int
    default_value: float
    refresh_fraction: float
    deployed_devices: tuple[int, ...]


@dataclass(frozen=True)
class Artifacts:
    """Which model artifacts to make beside those that every run has: TensorFlow's models and ONNX, the one with HPS."""

    hps_saved_model: bool
    tensorflow: bool


@dataclass(frozen=True)
class RequestKeys:
    """How keys are drawn in their slot: "uniform", "hit_rate" or "power_law".

    hit_rate: ``hit_rate`` of the keys among the first ``cached`` of the slot's rows, the others among the rest.
    power_law: row r of the slot in proportion to (r + 1) ** -``exponent``.
    """

    distribution: str
    hit_rate: float
    cached: float
    exponent: float


@dataclass(frozen=True)
class Requests:
    """Which request files to write: ``tensors`` "json" (N.json) or "binary" (N/, one raw file a tensor)."""

    batches: tuple[int, ...]
    seed: int
    tensors: str
    keys: RequestKeys


@dataclass(frozen=True)
class StageNeeds:
    """What one stage takes at its peak, in bytes; 0: nothing of it. ``disk_bytes`` is counted in ``disk_folder``."""

    stage: str
    gpu_bytes: int
    host_bytes: int
    shm_bytes: int
    disk_bytes: int
    disk_folder: str


@dataclass(frozen=True)
class Driver:
    """Drivers that an image runs on: ``minimum`` or newer, or a listed version or newer of the same branch."""

    minimum: str
    branches: tuple[str, ...]


@dataclass(frozen=True)
class Image:
    """An image and the compute capabilities that its HPS code was compiled for."""

    name: str
    capabilities: tuple[str, ...]


@dataclass(frozen=True)
class GpuNeeds:
    """The GPU asked for and the image that runs on it. No ``hps_capabilities``: nothing of HPS runs, or it is unknown.

    ``capability`` is the product's compute capability, None if the product is unknown.
    """

    product: str
    capability: str | None
    image: str
    hps_capabilities: tuple[str, ...]
    driver: Driver
    images: tuple[Image, ...]


@dataclass(frozen=True)
class Preflight:
    """What the stages need; ``gpu`` is None where no stage has one."""

    gpu: GpuNeeds | None
    stages: tuple[StageNeeds, ...]


@dataclass(frozen=True)
class Settings:
    """The checked settings; a section that was not asked for is None."""

    run_id: str
    spec_hash: str
    model: Model
    hps: Hps | None
    artifacts: Artifacts | None
    requests: Requests | None
    preflight: Preflight | None
    paths: dict[str, Path]


def _refuse(key, value, allowed):
    shown = json.dumps(value)
    shown = shown if len(shown) <= 120 else shown[:117] + "..."
    raise SettingsError(f"{key}: got {shown}; allowed: {allowed}")


def _integer(low, high):
    def check(key, value):
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            _refuse(key, value, f"a whole number from {low} to {high}")
        return value

    return check


def _number(low, high, exclude_low=False):
    def check(key, value):
        good = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
        if not good or not low <= value <= high or (exclude_low and value == low):
            _refuse(key, value, f"a number {'above' if exclude_low else 'from'} {low:g} to {high:g}")
        return float(value)

    return check


def _one_of(*allowed):
    def check(key, value):
        if value not in allowed:
            _refuse(key, value, " or ".join(json.dumps(a) for a in allowed))
        return value

    return check


def _yes_or_no(key, value):
    if not isinstance(value, bool):
        _refuse(key, value, "true or false")
    return value


def _text(key, value):
    if not isinstance(value, str) or not value:
        _refuse(key, value, "a text that is not empty")
    return value


def _matching(pattern, allowed):
    def check(key, value):
        if not isinstance(value, str) or re.fullmatch(pattern, value) is None:
            _refuse(key, value, allowed)
        return value

    return check


def _or_null(check_value):
    return lambda key, value: None if value is None else check_value(key, value)


def _list(check_item, length=None, unique=False, empty=False):
    count = ("any number" if empty else "at least one") if length is None else f"exactly {length}"

    def check(key, value):
        wrong = not isinstance(value, list) or not (value or empty) or (length is not None and len(value) != length)
        if wrong:
            got = f"a list of {len(value)}" if isinstance(value, list) else value
            _refuse(key, got, f"a list of {count} value{'' if length is None else 's'}")
        items = tuple(check_item(f"{key}[{index}]", item) for index, item in enumerate(value))
        if unique and len(set(items)) != len(items):
            _refuse(key, value, "each value once")
        return items

    return check


def _section(kind, checks):
    """A checker that turns a JSON object into the dataclass ``kind``, with one checker per key."""
    names = [field.name for field in fields(kind)]

    def check(key, value):
        if not isinstance(value, dict):
            _refuse(key, value, f"an object with the keys {', '.join(names)}")
        for name in value:
            if name not in names:
                _refuse(f"{key}.{name}", value[name], f"no such key; the keys are {', '.join(names)}")
        for name in names:
            if name not in value:
                raise SettingsError(f"{key}.{name}: missing; the keys are {', '.join(names)}")
        return kind(**{name: checks[name](f"{key}.{name}", value[name]) for name in names})

    return check


_FLOAT32 = 3.4e38
_units = _list(_integer(1, 65536))
_table = _section(
    Table,
    {
        "distribution": _one_of("uniform"),
        "low": _number(-_FLOAT32, _FLOAT32),
        "high": _number(-_FLOAT32, _FLOAT32),
    },
)
_model = _section(
    Model,
    {
        "name": _one_of("dlrm"),
        "cardinalities": _list(_integer(1, MAX_KEY), length=SLOTS),
        "embedding_width": _integer(1, 1024),
        "dense_features": _integer(1, 1024),
        "bottom_mlp": _units,
        "top_mlp": _units,
        "seed": _integer(0, 2**53 - 1),
        "table": _table,
        "opset": _integer(11, 18),
    },
)
_hps = _section(
    Hps,
    {
        "gpu_cache_fraction": _number(0, 1, exclude_low=True),
        "workers": _integer(1, 1024),
        "hit_rate_threshold": _number(0, 1),
        "max_batch_size": _integer(1, MAX_KEY),
        "default_value": _number(-_FLOAT32, _FLOAT32),
        "refresh_fraction": _number(0, 1),
        "deployed_devices": _list(_integer(0, 1023), unique=True),
    },
)
_artifacts = _section(Artifacts, {"hps_saved_model": _yes_or_no, "tensorflow": _yes_or_no})
_requests = _section(
    Requests,
    {
        "batches": _list(_integer(1, 2**24), unique=True),
        "seed": _integer(0, 2**53 - 1),
        "tensors": _one_of("json", "binary"),
        "keys": _section(
            RequestKeys,
            {
                "distribution": _one_of("uniform", "hit_rate", "power_law"),
                "hit_rate": _number(0, 1),
                "cached": _number(0, 1, exclude_low=True),
                "exponent": _number(0, 10),
            },
        ),
    },
)

_bytes = _integer(0, 2**53 - 1)
_version = _matching(r"\d+(\.\d+)*", "a version such as 450.51")
_capability = _matching(r"\d+\.\d+", "a compute capability such as 8.0")
_capabilities = _list(_capability, empty=True)
_preflight = _section(
    Preflight,
    {
        "gpu": _or_null(
            _section(
                GpuNeeds,
                {
                    "product": _text,
                    "capability": _or_null(_capability),
                    "image": _text,
                    "hps_capabilities": _capabilities,
                    "driver": _section(Driver, {"minimum": _version, "branches": _list(_version, empty=True)}),
                    "images": _list(_section(Image, {"name": _text, "capabilities": _capabilities}), empty=True),
                },
            )
        ),
        "stages": _list(
            _section(
                StageNeeds,
                {
                    "stage": _one_of("create-models", "build-engines", "serve"),
                    "gpu_bytes": _bytes,
                    "host_bytes": _bytes,
                    "shm_bytes": _bytes,
                    "disk_bytes": _bytes,
                    "disk_folder": _text,
                },
            )
        ),
    },
)


def _checked_artifacts(value):
    artifacts = _artifacts("artifacts", value)
    if artifacts.hps_saved_model and not artifacts.tensorflow:
        _refuse("artifacts.tensorflow", False, "true where artifacts.hps_saved_model is")
    return artifacts


def _checked_model(value):
    model = _model("model", value)
    if model.rows > MAX_KEY:
        _refuse("model.cardinalities", model.rows, f"a sum of at most {MAX_KEY}, since keys are int32")
    if model.bottom_mlp[-1] != model.embedding_width:
        allowed = f"a last layer of model.embedding_width = {model.embedding_width} units"
        _refuse("model.bottom_mlp", list(model.bottom_mlp), allowed)
    if model.top_mlp[-1] != 1:
        _refuse("model.top_mlp", list(model.top_mlp), "a last layer of 1 unit")
    if not model.table.low < model.table.high:
        _refuse("model.table.high", model.table.high, f"more than model.table.low = {model.table.low:g}")
    return model


def _checked_paths(value, needed):
    if not isinstance(value, dict):
        _refuse("paths", value, f"an object with the keys {', '.join(needed)}")
    for name in needed:
        if name not in value:
            raise SettingsError(f"paths.{name}: missing; allowed: an absolute folder")
        if not Path(_text(f"paths.{name}", value[name])).is_absolute():
            _refuse(f"paths.{name}", value[name], "an absolute folder")
    return {name: Path(value[name]) for name in needed}


def parse(document, needs, paths):
    """Check a decoded settings document.

    needs: names of the sections wanted besides ``model`` ("hps", "artifacts", "requests", "preflight"); paths: names
    wanted in ``paths``.
    """
    if not isinstance(document, dict):
        _refuse("settings", document, "a JSON object")
    _one_of(SCHEMA)("schema", document.get("schema"))
    for section in ("model", "paths", *needs):
        if section not in document:
            raise SettingsError(f"{section}: missing; this program needs the sections model, paths, {', '.join(needs)}")
    return Settings(
        run_id=_text("run_id", document.get("run_id")),
        spec_hash=_text("spec_hash", document.get("spec_hash")),
        model=_checked_model(document["model"]),
        hps=_hps("hps", document["hps"]) if "hps" in needs else None,
        artifacts=_checked_artifacts(document["artifacts"]) if "artifacts" in needs else None,
        requests=_requests("requests", document["requests"]) if "requests" in needs else None,
        preflight=_preflight("preflight", document["preflight"]) if "preflight" in needs else None,
        paths=_checked_paths(document["paths"], paths),
    )


def load(path, needs=(), paths=()):
    """Read and check a settings file. Raises SettingsError with the file's name in front."""
    try:
        document = json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as problem:
        raise SettingsError(f"{path}: cannot be read: {problem.strerror}") from problem
    except ValueError as problem:
        raise SettingsError(f"{path}: is no JSON: {problem}") from problem
    try:
        return parse(document, needs, paths)
    except SettingsError as problem:
        raise SettingsError(f"{path}: {problem}") from problem
