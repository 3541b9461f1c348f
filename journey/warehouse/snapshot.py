"""Snapshots of the serving tables: which one is current, and what it says of itself."""

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from journey.datafolder import DataFolder
from journey.errors import WarehouseError
from journey.intake.contract import EARLIEST, literal

KEPT = 2
"""Snapshots kept on disk: the current one, and one before it for readers still in it."""


@dataclass(frozen=True)
class Snapshot:
    """One build of the serving tables and the facts that go with its numbers."""

    path: Path
    name: str
    built_at: datetime
    watermark: datetime
    """The data is complete up to here, UTC."""
    first_at: datetime
    events: int
    currency: str | None
    time_zone: str
    business: str
    minimum_n: int
    gap_days: int
    conversion_window_days: int
    repeat_window_days: int
    cart_window_hours: int
    channels: str
    """The rules by which touches without a channel got theirs, in a sentence."""
    nps_kind: str
    """The kind of answer that `nps` counts in every frame: `relational` or `transactional`."""
    amounts_left_out: int
    """How many amounts came in another currency than the reporting one, and are in no sum."""

    @property
    def first_day(self) -> date:
        """The first day with data, in the reporting time zone; never one of a clock that was not
        set, which all events of a store that was filled before those were refused may have."""
        return max(EARLIEST, self._day(max(self.first_at, datetime.combine(EARLIEST, time()))))

    @property
    def last_day(self) -> date:
        """The last day with data, in the reporting time zone."""
        return self._day(self.watermark)

    def waiting(self) -> int:
        """The events that were dated in the future when the snapshot was built."""
        with duckdb.connect(self.path, read_only=True) as connection:
            sql = "select count(*) from touches where occurred_at > $1"
            return int(connection.execute(sql, [self.watermark]).fetchall()[0][0])

    def has_before(self, day: date) -> bool:
        """Whether there is a day with data before this one."""
        return self.first_day < day

    def _day(self, moment: datetime) -> date:
        """The day of a UTC moment in the reporting time zone."""
        return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(self.time_zone)).date()

    @classmethod
    def current(cls, folder: DataFolder) -> "Snapshot":
        """The snapshot in use. Raises WarehouseError where nothing was built yet."""
        path = current_path(folder)
        with duckdb.connect() as connection:
            return cls.attached(connection, path)

    @classmethod
    def attached(cls, connection: duckdb.DuckDBPyConnection, path: Path) -> "Snapshot":
        """What the snapshot in a file says of itself; from here on the connection has the file as
        `store`, to read. Raises WarehouseError where it cannot be read or is another version's."""
        try:
            connection.execute(f"attach {literal(str(path))} as store (read_only)")
            relation = connection.sql("from store.snapshot")
            row = dict(zip(relation.columns, relation.fetchall()[0], strict=True))
        except duckdb.Error as error:
            raise WarehouseError(
                f"{path}: this snapshot cannot be read ({str(error).splitlines()[0]}). "
                "Run `python -m journey build` to make a new one."
            ) from None
        if set(row) | {"path"} != {field.name for field in fields(cls)}:
            raise outdated(path)
        return cls(path=path, **row)


def outdated(path: Path) -> WarehouseError:
    """The error for a snapshot that another version of the product made."""
    return WarehouseError(
        f"{path}: this snapshot was made by another version of Journey and lacks what this one "
        "needs. Run `python -m journey build` to make a new one; the events stay as they are."
    )


def current_path(folder: DataFolder) -> Path:
    """The file of the snapshot in use. Raises WarehouseError where nothing was built yet."""
    pointer = folder.marts / "current"
    if not pointer.exists():
        raise WarehouseError(
            f"{folder.marts}: nothing was built yet. Run `python -m journey build` "
            "(and `python -m journey demo` before it for the demo world)."
        )
    return folder.marts / f"{pointer.read_text(encoding='utf-8').strip()}.duckdb"


def snapshots(folder: DataFolder) -> list[Path]:
    """The snapshots on disk, oldest first."""
    return sorted(folder.marts.glob("*.duckdb"))


def swap_in(folder: DataFolder, name: str) -> None:
    """Make a finished `NAME.duckdb.building` the current snapshot, in one rename."""
    (folder.marts / f"{name}.duckdb.building").rename(folder.marts / f"{name}.duckdb")
    fresh = folder.marts / "current.tmp"
    fresh.write_text(name + "\n", encoding="utf-8")
    fresh.rename(folder.marts / "current")
