"""Triton's model repository, put together from artifacts and engines: config.pbtxt files, links and small copies."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from hpsb_engines import engine_name, output_of
from hpsb_files import make_folder, remove
from settings import SettingsError

MARK = ".hps-bench-repository"
# In the config.pbtxt of an engine, where its output's name belongs: only the engine knows it.
OUTPUT_PLACE = "@ENGINE_OUTPUT@"


def empty(repository):
    """Make the folder, or empty one that was made here before. A folder that holds anything else is left alone."""
    make_folder(repository)
    children = list(repository.iterdir())
    if children and not (repository / MARK).exists():
        raise SettingsError(
            f"paths.repository: got {repository}, which holds {children[0].name} and was not made by this program;"
            " allowed: a folder that is empty or absent"
        )
    (repository / MARK).touch()
    for child in children:
        if child.name != MARK:
            remove(child)


def _config(variant, manifest):
    if variant.engine is None:
        return variant.config
    if OUTPUT_PLACE not in variant.config:
        raise SettingsError(
            f"serve.variants: the config of {variant.name} has no {OUTPUT_PLACE}, which an engine needs"
        )
    # JSON and protobuf text quote alike as long as the name has no control characters.
    return variant.config.replace(OUTPUT_PLACE, json.dumps(output_of(manifest))[1:-1])


def write_variant(repository, variant, roots, engine):
    """One variant's folder. roots: {"artifacts", "programs"} folders; engine: (folder, manifest) or None."""
    version = repository / variant.name / "1"
    version.mkdir(parents=True)
    manifest = None
    if variant.engine is not None:
        folder, manifest = engine
        (version / engine_name(variant.engine)).symlink_to(folder / engine_name(variant.engine))
    for file in variant.files:
        source = roots[file.root] / file.path
        if file.root == "artifacts":
            (version / file.name).symlink_to(source)
        else:
            shutil.copyfile(source, version / file.name)
    (repository / variant.name / "config.pbtxt").write_text(_config(variant, manifest), encoding="utf-8")


def write_python_backend(folder, backend):
    """A backend directory with the python backend and the stub for one Python; returns it."""
    place = folder / "python"
    remove(folder)
    place.mkdir(parents=True)
    for source in Path(backend.folder).iterdir():
        if source.is_file():
            (place / source.name).symlink_to(source)
    stub = place / "triton_python_backend_stub"
    remove(stub)
    shutil.copyfile(backend.stub, stub)
    stub.chmod(0o755)
    return folder
