"""Person ids as strangers may see them: short, stable, and of no use elsewhere.

A mask is the start of the SHA-256 of a secret key and the id, so the same person has the same
mask on every page and in every list, and nobody without the key can tell an id from its mask or
try out likely ids. The key is JOURNEY_MASK_KEY, else `mask.key` in the data folder, made at the
first need. Another key gives everyone another mask.
"""

import hashlib
import os
import secrets
from contextlib import suppress

import polars as pl

from journey.config import Config
from journey.datafolder import DataFolder
from journey.errors import WarehouseError

LENGTH = 12
"""Hexadecimal digits: 48 bits, so that among a million people two rarely share a mask."""

MASKED = f"left(sha256(concat($mask_key, ':', person_id)), {LENGTH})"
"""The mask of a `person_id` in SQL, with the key as the parameter `$mask_key`."""


def ids_shown(config: Config) -> bool:
    """Whether the operator lets ids be seen as they are: `show_person_ids = true` in journey.toml,
    or JOURNEY_SHOW_PERSON_IDS set to 1 or true; the environment wins. Off by default."""
    given = os.environ.get("JOURNEY_SHOW_PERSON_IDS", "").strip().lower()
    return given in ("1", "true", "yes") if given else config.show_person_ids


def key_of(folder: DataFolder) -> str:
    """The secret key of a data folder. Raises WarehouseError where it can neither be read nor
    made."""
    if given := os.environ.get("JOURNEY_MASK_KEY"):
        return given
    path = folder.mask_key
    try:
        if not path.exists():
            fresh = path.with_suffix(f".{secrets.token_hex(4)}")
            fresh.touch(mode=0o600)
            fresh.write_text(secrets.token_hex(32), encoding="utf-8")
            # Whoever comes first has made the key; a link never replaces what is there.
            with suppress(FileExistsError):
                path.hardlink_to(fresh)
            fresh.unlink()
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise WarehouseError(
            f"{path}: the key that hides person ids cannot be made here ({error.strerror}). Set "
            "JOURNEY_MASK_KEY to a long secret word, or make the data folder writable."
        ) from None


def mask(person_id: str, key: str) -> str:
    """One person's mask.

    >>> mask("ana", "secret"), mask("ben", "secret"), mask("ana", "another")
    ('15a4b243dcd3', '6ff50d48656a', '17374e285319')
    """
    return hashlib.sha256(f"{key}:{person_id}".encode()).hexdigest()[:LENGTH]


def masked(people: pl.DataFrame, key: str) -> pl.DataFrame:
    """The rows with `person_id` replaced by its mask, under the name `person`, in order of it."""
    hidden = mask_all(people["person_id"], key).alias("person")
    return people.select(hidden, pl.exclude("person_id")).sort("person")


def mask_all(ids: pl.Series, key: str) -> pl.Series:
    """Each person's mask, in the same order."""
    return pl.Series(ids.name, [mask(name, key) for name in ids], dtype=pl.String)
