"""The settings sections ``engines``, ``serve`` and ``fleet`` of the programs here; written by src/job-settings.

Kept apart from settings.py, whose digest is part of the artifacts' key: a change here makes no table again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import settings
from settings import SettingsError

PRECISIONS = ("fp32", "fp16")
PLUGINS = ("hps_trt", "hps_tf")
ROOTS = ("artifacts", "programs")


@dataclass(frozen=True)
class Profile:
    """Batch sizes of the one optimisation profile."""

    min: int
    opt: int
    max: int


@dataclass(frozen=True)
class Engines:
    """Which TensorRT engines to build. ``workspace_bytes`` 0: no limit, as published. ``image``: part of their key."""

    precisions: tuple[str, ...]
    profile: Profile
    workspace_bytes: int
    image: str


@dataclass(frozen=True)
class ModelFile:
    """A file or folder of a version folder: a link to an artifact, or a copy of a program file."""

    name: str
    root: str
    path: str


@dataclass(frozen=True)
class Variant:
    """One deployment. ``config``: text of config.pbtxt; ``engine``: the precision served, None without TensorRT."""

    name: str
    config: str
    files: tuple[ModelFile, ...]
    engine: str | None


@dataclass(frozen=True)
class PythonBackend:
    """A python backend put together at start: its folder, and the stub built for the Python in use."""

    folder: str
    stub: str


@dataclass(frozen=True)
class Serve:
    """How Triton is started. ``path``, ``library_path``: put in front of PATH and LD_LIBRARY_PATH of Triton alone."""

    tritonserver: str
    arguments: tuple[str, ...]
    variants: tuple[Variant, ...]
    preload: tuple[str, ...]
    path: tuple[str, ...]
    library_path: tuple[str, ...]
    python_backend: PythonBackend | None
    http: str
    ready_seconds: int
    exit_timeout_seconds: int


@dataclass(frozen=True)
class Fleet:
    """Pods on many nodes: artifacts and requests on the shared volume, and the wait for another pod's engines, in s."""

    artifacts: Path
    requests: Path
    lock_seconds: int


def _or_none(check):
    return lambda key, value: None if value is None else check(key, value)


def _any_list(check, unique=False):
    """A list that may be empty."""
    return lambda key, value: () if value == [] else settings._list(check, unique=unique)(key, value)


def _absolute(key, value):
    if not Path(settings._text(key, value)).is_absolute():
        settings._refuse(key, value, "an absolute path")
    return value


def _inside(key, value):
    """A relative path that stays inside its folder."""
    parts = Path(settings._text(key, value)).parts
    if Path(value).is_absolute() or ".." in parts:
        settings._refuse(key, value, "a relative path without ..")
    return value


def _plain_name(key, value):
    if "/" in settings._text(key, value) or value in (".", ".."):
        settings._refuse(key, value, "a name without /")
    return value


def _address(key, value):
    host, _, port = settings._text(key, value).rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        settings._refuse(key, value, "host:port")
    return value


_batch = settings._integer(1, 2**24)
_profile = settings._section(Profile, {"min": _batch, "opt": _batch, "max": _batch})
_engines = settings._section(
    Engines,
    {
        "precisions": settings._list(settings._one_of(*PRECISIONS), unique=True),
        "profile": _profile,
        "workspace_bytes": settings._integer(0, 2**53 - 1),
        "image": settings._text,
    },
)
_file = settings._section(ModelFile, {"name": _plain_name, "root": settings._one_of(*ROOTS), "path": _inside})
_variant = settings._section(
    Variant,
    {
        "name": _plain_name,
        "config": settings._text,
        "files": _any_list(_file),
        "engine": _or_none(settings._one_of(*PRECISIONS)),
    },
)
_serve = settings._section(
    Serve,
    {
        "tritonserver": _absolute,
        "arguments": settings._list(settings._text),
        "variants": settings._list(_variant),
        "preload": _any_list(settings._one_of(*PLUGINS), unique=True),
        "path": _any_list(_absolute),
        "library_path": _any_list(_absolute),
        "python_backend": _or_none(settings._section(PythonBackend, {"folder": _absolute, "stub": _absolute})),
        "http": _address,
        "ready_seconds": settings._integer(1, 86_400),
        "exit_timeout_seconds": settings._integer(0, 3600),
    },
)


_fleet = settings._section(
    Fleet,
    {
        "artifacts": lambda key, value: Path(_absolute(key, value)),
        "requests": lambda key, value: Path(_absolute(key, value)),
        "lock_seconds": settings._integer(1, 86_400),
    },
)


def _checked_engines(value):
    engines = _engines("engines", value)
    profile = engines.profile
    if not profile.min <= profile.opt <= profile.max:
        settings._refuse("engines.profile", value["profile"], "min <= opt <= max")
    return engines


def _checked_serve(value):
    serve = _serve("serve", value)
    names = [variant.name for variant in serve.variants]
    if len(set(names)) != len(names):
        settings._refuse("serve.variants", names, "each variant once")
    return serve


_SECTIONS = {"engines": _checked_engines, "serve": _checked_serve, "fleet": lambda value: _fleet("fleet", value)}


def load(path, section):
    """The checked section of a settings file that settings.load has read before. Raises SettingsError."""
    document = json.loads(Path(path).read_text(encoding="utf-8"))
    if section not in document:
        raise SettingsError(f"{path}: {section}: missing; this program needs it")
    try:
        return _SECTIONS[section](document[section])
    except SettingsError as problem:
        raise SettingsError(f"{path}: {problem}") from problem


def has(path, section):
    """Whether a settings file that settings.load has read before has the section."""
    return section in json.loads(Path(path).read_text(encoding="utf-8"))
