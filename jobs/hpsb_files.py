"""Files that are either whole or absent: digests, renames after fsync, disk checks, a lock per folder."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import shutil
import time
from contextlib import contextmanager
from pathlib import Path

from hpsb_console import EnvironmentFaultError

BUILDING = ".building-"
_CHUNK = 4 << 20


def building_name(final):
    """The temporary name beside ``final``, on the same file system, so that a rename is enough."""
    return final.with_name(BUILDING + final.name)


def sha256_file(path):
    """SHA-256 of a file, in hex, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while True:
            piece = file.read(_CHUNK)
            if not piece:
                return digest.hexdigest()
            digest.update(piece)


def canonical(value):
    """The one JSON text of a value: sorted keys, no spaces."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def content_key(value):
    """SHA-256 of a value's canonical JSON: the name of what is made from it."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def program_digests(names):
    """SHA-256 of program files in this folder, by name: a changed program makes a new content key."""
    here = Path(__file__).resolve().parent
    return {name: sha256_file(here / name) for name in sorted(names)}


def _fsync(path):
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as problem:
        if problem.errno not in (errno.EINVAL, errno.ENOTSUP):  # some file systems cannot sync a folder
            raise
    finally:
        os.close(descriptor)


def publish(building, final):
    """Sync a finished file or folder to disk, then give it its final name."""
    for path in sorted(building.rglob("*")) if building.is_dir() else []:
        _fsync(path)
    _fsync(building)
    building.replace(final)
    _fsync(final.parent)


def write_whole(final, text):
    """Write a text file so that a reader sees the old one or the new one, never half of it."""
    building = building_name(final)
    building.write_text(text, encoding="utf-8")
    publish(building, final)


def read_json(path):
    """A JSON object from a file, or None where the file is absent or not whole."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return value if isinstance(value, dict) else None


def remove(path):
    """Remove a file or a folder, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    elif path.exists() or path.is_symlink():
        path.unlink()


def size_on_disk(paths):
    """Bytes of files and of the files in folders, each file once, however many names it has; absent ones are 0."""
    files = {}
    for path in paths:
        for found in [path, *(path.rglob("*") if path.is_dir() else [])]:
            if found.is_file():
                facts = found.stat()
                files[facts.st_dev, facts.st_ino] = facts.st_size
    return sum(files.values())


_NO_LINK = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EMLINK, errno.EXDEV, errno.ENOSYS, errno.EACCES)


def link(source, target):
    """Give a file a second name; returns whether the file system can."""
    try:
        os.link(source, target)
    except OSError as problem:
        if problem.errno not in _NO_LINK:
            raise
        return False
    return True


def can_link(folder):
    """Whether files in the folder can have two names: tried with an empty one, which is removed again."""
    first, second = (folder / f"{BUILDING}link-{number}" for number in (1, 2))
    try:
        for path in (first, second):
            path.unlink(missing_ok=True)
        first.write_bytes(b"")
        return link(first, second)
    finally:
        for path in (first, second):
            path.unlink(missing_ok=True)


def check_disk(folder, needed, reclaimed, what):
    """Refuse to start what cannot end: ``needed`` bytes against the free ones plus those about to be removed."""
    free = shutil.disk_usage(folder).free
    if needed > free + reclaimed:
        raise EnvironmentFaultError(
            f"{folder}: {what} needs {needed} bytes, free are {free} bytes"
            f" (and {reclaimed} bytes that would be replaced); give it a larger volume or a smaller model"
        )


def make_folder(folder):
    """Make a folder and its parents."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise EnvironmentFaultError(f"{folder}: cannot be made a folder: {problem.strerror}") from problem


@contextmanager
def folder_lock(folder, patience=20.0):
    """Hold the folder for this process (and for the children that inherit it), waiting ``patience`` seconds.

    The wait lets the child of a killed predecessor end. Where the file system has no locks, goes on without one.
    """
    with (folder / ".lock").open("a") as file:
        os.set_inheritable(file.fileno(), True)
        deadline = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise EnvironmentFaultError(
                        f"{folder}: another process is writing here; wait for it or end it"
                    ) from None
                time.sleep(0.1)
            except OSError:
                break
        yield file.fileno()
