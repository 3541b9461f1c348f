"""A shop: write a file, take it in, look at what became of its rows."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from journey.config import load
from journey.datafolder import DataFolder
from journey.errors import IntakeError
from journey.intake.ingest import ingest
from journey.intake.report import Report

HEADER = "event_id,touchpoint,occurred_at,customer_id,revenue,quantity,note"


class Shop:
    """A data folder and the files that are delivered to it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = DataFolder(root / "data")

    def file(self, content: str | bytes, name: str = "delivery.csv") -> Path:
        """A file with this content."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def rows(self, *lines: str, name: str = "delivery.csv") -> Path:
        """A CSV file under `HEADER`."""
        return self.file("\n".join([HEADER, *lines]) + "\n", name)

    def objects(self, *objects: Any, name: str = "delivery.jsonl") -> Path:
        """A JSONL file; text is a line as it stands."""
        lines = [each if isinstance(each, str) else json.dumps(each) for each in objects]
        return self.file("\n".join(lines) + "\n", name)

    def frame(self, name: str = "delivery.parquet", **columns: Any) -> Path:
        """A Parquet file of one event a row, unless the columns say otherwise."""
        usual = {"touchpoint": ["seen"], "occurred_at": ["2026-01-05"], "customer_id": ["ana"]}
        path = self.root / name
        pl.DataFrame(usual | columns).write_parquet(path)
        return path

    def take(self, *given: Path | str, form: str = "events") -> Report:
        """Ingest the files; every row must have become exactly one thing."""
        report = ingest(self.folder, load(None), form, [str(each) for each in given])
        rejected = sum(report.rejected.values())
        assert report.read == report.accepted + report.duplicate + rejected
        assert not self.folder.staging.exists()
        return report

    def refusal(self, *given: Path | str, form: str = "events") -> str:
        """Why the files cannot be taken in; nothing may be left behind."""
        before = self.fingerprint()
        with pytest.raises(IntakeError) as refused:
            self.take(*given, form=form)
        assert self.fingerprint() == before
        assert not self.folder.staging.exists()
        message = str(refused.value)
        assert "\n" not in message
        return message

    def events(self) -> list[dict[str, Any]]:
        """The event store in order of time and id, with the properties read."""
        files = self.folder.event_files()
        if not files:
            return []
        stored = pl.concat(pl.read_parquet(file, hive_partitioning=False) for file in files)
        rows = stored.sort("occurred_at", "event_id").to_dicts()
        return [
            row | {"properties": json.loads(row["properties"]) if row["properties"] else {}}
            for row in rows
        ]

    def values(self, column: str) -> list[Any]:
        """A column of the event store."""
        return [row[column] for row in self.events()]

    def quarantine(self) -> Sequence[tuple[str, int, str]]:
        """Reason, line and text of every row in quarantine, by file and line."""
        found = [
            (row["file"], row["line"], row["reason"], row["row"])
            for file in self.folder.quarantine.glob("*.parquet")
            for row in pl.read_parquet(file).to_dicts()
        ]
        return [(reason, line, row) for _, line, reason, row in sorted(found)]

    def fingerprint(self) -> dict[str, str]:
        """Every file of the data folder by what is in it, the lock apart."""
        return {
            str(path.relative_to(self.folder.root)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(self.folder.root.rglob("*"))
            if path.is_file() and path.name != ".lock"
        }
