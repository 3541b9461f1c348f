"""A prepared delivery into place, all or nothing.

A folder under staging/ holds `events/`, `quarantine/` and `deliveries/` as they shall be. The
file `commit` in it is the point of no return: until it is there, the folder is thrown away;
once it is there, the files are moved in, by whoever comes next if need be.
"""

import os
import shutil
from pathlib import Path

from journey.datafolder import DataFolder

_PARTS = ("quarantine", "events", "deliveries")


def commit(folder: DataFolder, identity: str) -> None:
    """Mark the staged delivery as decided and move it in."""
    staging = folder.staging / identity
    for path in [*staging.rglob("*.parquet"), *staging.rglob("*.json")]:
        _flush(path)
    mark = staging / "commit.tmp"
    mark.write_text(identity, encoding="utf-8")
    _flush(mark)
    mark.rename(staging / "commit")
    _flush(staging)
    _move(folder, staging)


def recover(folder: DataFolder) -> None:
    """Finish what was decided and throw away what was not. Call it with the lock held."""
    if not folder.staging.is_dir():
        return
    for staging in sorted(folder.staging.iterdir()):
        if (staging / "commit").exists():
            _move(folder, staging)
    shutil.rmtree(folder.staging)


def _move(folder: DataFolder, staging: Path) -> None:
    """Rename each staged file to its place; a rename either happened or did not."""
    for part in _PARTS:
        for path in sorted((staging / part).rglob("*")):
            if path.is_file():
                target = folder.root / path.relative_to(staging)
                target.parent.mkdir(parents=True, exist_ok=True)
                path.replace(target)
    shutil.rmtree(staging)


def _flush(path: Path) -> None:
    """Have the system write the file or folder to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
