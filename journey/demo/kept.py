"""What a business keeps beside its events, as the demo's would: what was spent, what happened."""

from __future__ import annotations

import csv
import io
import shutil
from datetime import date, timedelta
from pathlib import Path

from .spend import SPEND
from .story import Story

ANNOTATIONS = "annotations.csv"

KEPT = (SPEND, ANNOTATIONS)
"""The files, by their names in the demo's delivery and in the data folder."""


def annotations_csv(story: Story) -> str:
    """What happened when, as somebody at the shop would have noted it: the planted effects by
    their days, in words that do not give away their size."""
    incident, campaign = story.incident_device, story.campaign_channel
    rows = (
        _row("incident", "Deliveries late before Christmas", story.slow_since, story.slow_days,
             stage="post_purchase"),
        _row("campaign", "Spring sale", story.campaign_since, story.campaign_days,
             channel=campaign),
        _row("incident", "Payment form fails on phones", story.incident_since,
             story.incident_days, device=incident),
        _row("release", "Free-returns banner for half of new visitors", story.experiment_since),
    )  # fmt: skip
    text = io.StringIO()
    lines = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    lines.writeheader()
    lines.writerows(rows)
    return text.getvalue()


def _row(kind: str, text: str, since: date, days: int = 1, **about: str) -> dict[str, str]:
    """One line: what happened, and from when until when."""
    until = (since + timedelta(days=days - 1)).isoformat() if days > 1 else ""
    scope = {name: about.get(name, "") for name in ("stage", "channel", "device")}
    return {"day": since.isoformat(), "until": until, "kind": kind, "text": text, **scope}


def own(folder: Path, demo: Path) -> list[str]:
    """The files in the data folder that are the business's own and must stay: those there that
    are no copy of the demo's."""
    return [
        name
        for name in KEPT
        if (folder / name).exists()
        and not (
            (demo / name).exists() and (demo / name).read_bytes() == (folder / name).read_bytes()
        )
    ]


def place(folder: Path, demo: Path, name: str) -> None:
    """Put one of the demo's files where the dashboard looks for it."""
    shutil.copyfile(demo / name, folder / name)
