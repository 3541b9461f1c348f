"""What came of a delivery's rows."""

from dataclasses import dataclass, field
from typing import Any

from journey.intake.checks import expected


@dataclass(frozen=True)
class Report:
    """Every row read is accepted, a duplicate or rejected; nothing else can become of it."""

    delivery: str
    format: str
    files: list[str]
    read: int
    """Rows that the format gives; `lines` says how many lines of the files they sum up."""
    accepted: int
    duplicate: int
    rejected: dict[str, int]
    """Reason to number of rows."""
    unmapped: dict[str, int]
    """Touchpoints that the configuration puts in no stage, with their accepted rows."""
    corrected: dict[str, int] = field(default_factory=dict)
    """What the format had to put right, with the number of accepted rows."""
    first_at: str | None = None
    last_at: str | None = None
    lines: int = 0
    """More than `read` only where the format sums up several lines in one row."""
    in_future: int = 0
    """Accepted rows dated after the moment of ingest."""
    samples: dict[str, str] = field(default_factory=dict)
    """Reason to the beginning of the first value that was rejected for it, as it was sent."""

    def as_json(self) -> dict[str, Any]:
        """The report as plain values, in the order it is read."""
        return {
            "delivery": self.delivery,
            "format": self.format,
            "files": self.files,
            "lines": self.lines,
            "read": self.read,
            "accepted": self.accepted,
            "duplicate": self.duplicate,
            "rejected": self.rejected,
            "unmapped": self.unmapped,
            "corrected": self.corrected,
            "first_at": self.first_at,
            "last_at": self.last_at,
            "in_future": self.in_future,
            "samples": self.samples,
        }

    def as_text(self) -> str:
        """The report in a few lines."""
        rejected = sum(self.rejected.values())
        summed_up = f" from {self.lines:,} lines" if self.lines > self.read else ""
        lines = [
            f"{self.read:,} rows read{summed_up} = {self.accepted:,} accepted + "
            f"{self.duplicate:,} duplicate + {rejected:,} rejected"
        ]
        if rejected == self.read:
            lines.append("  Every row was rejected: nothing was taken in.")
        lines += [
            f"  rejected: {reason}: {rows:,}{self._sample(reason)}"
            for reason, rows in self.rejected.items()
        ]
        for heading, counts in (
            ("unmapped touchpoint", self.unmapped),
            ("corrected", self.corrected),
        ):
            lines += [f"  {heading}: {name}: {rows:,}" for name, rows in counts.items()]
        if rejected:
            lines.append("  Rejected rows are kept, with file and line, under quarantine/.")
        if self.unmapped:
            lines.append("  Give unmapped touchpoints a stage in journey.toml, [touchpoints].")
        if self.in_future:
            lines.append(
                f"  dated in the future: {self.in_future:,}, the last {self.last_at} UTC; "
                "an event is in no number until its time has come."
            )
        return "\n".join(lines)

    def _sample(self, reason: str) -> str:
        """What was sent, with all that cannot be printed escaped, and what is expected."""
        sample, form = self.samples.get(reason), expected(reason)
        sent = f", as in {sample!r}" if sample else ", none given" if form else ""
        return sent + (f" (expected: {form})" if form else "")
