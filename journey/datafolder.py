"""Where things lie under the data folder."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import sleep


@dataclass(frozen=True)
class DataFolder:
    """The data folder of one business: the event store and what is made from it."""

    root: Path

    @property
    def events(self) -> Path:
        """The event store: `month=YYYY-MM/*.parquet`."""
        return self.root / "events"

    @property
    def quarantine(self) -> Path:
        """Rejected rows, one Parquet file a delivery: reason, file, line, row."""
        return self.root / "quarantine"

    @property
    def deliveries(self) -> Path:
        """One JSON file for each delivery that was ingested: what came of its rows."""
        return self.root / "deliveries"

    @property
    def marts(self) -> Path:
        """The snapshots of the serving tables, and the file that names the current one."""
        return self.root / "marts"

    @property
    def feedback(self) -> Path:
        """What was read of the comments, masked, by version of how it is read."""
        return self.root / "feedback"

    @property
    def spend(self) -> Path:
        """What channels cost, where the business keeps it: day, channel, cost, currency."""
        return self.root / "spend.csv"

    @property
    def annotations(self) -> Path:
        """What happened when, where the business keeps it: day, text, and what else is said."""
        return self.root / "annotations.csv"

    @property
    def ledger(self) -> Path:
        """What people noted about pains: one TOML file a row."""
        return self.root / "ledger"

    @property
    def staging(self) -> Path:
        """Work in progress; whatever is here without a commit mark is thrown away."""
        return self.root / "staging"

    @property
    def demo(self) -> Path:
        """The demo world's delivery and its truth.json."""
        return self.root / "demo"

    @property
    def mask_key(self) -> Path:
        """The secret that masks of person ids are made with."""
        return self.root / "mask.key"

    def event_files(self) -> list[Path]:
        """The Parquet files of the event store, in order of month and name."""
        return sorted(self.events.glob("month=*/*.parquet"))

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the folder's write lock, so that one ingest or build runs at a time."""
        with _held(self.root / ".lock"):
            yield

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Hold the ledger's own lock, which no build keeps waiting."""
        with _held(self.ledger / ".lock"):
            yield


@contextmanager
def _held(path: Path) -> Iterator[None]:
    """Hold a lock. It belongs to the process: a killed one leaves nothing to clean up."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        while True:
            # Asked again and again, since a wait inside the system hears no Ctrl+C.
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                sleep(0.02)
        yield
