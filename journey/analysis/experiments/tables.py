"""A read-out as rows: an arm a line, a group a line, an experiment a line; and as plain values."""

from typing import Any

import polars as pl

from journey.analysis.experiments.lift import Interval
from journey.analysis.experiments.readout import Readout

_INTERVAL = ("", "_low", "_high")


def arms(readout: Readout) -> pl.DataFrame:
    """A row for each arm: people, conversions, visits and revenue a person, and, for all but the
    control, what sets it apart from it. Differences of shares in points."""
    compared = {one.arm.name: one for one in readout.comparisons}
    rows = []
    for arm in readout.counted.arms:
        one = compared.get(arm.name)
        rows.append(
            {
                "arm": arm.name,
                "is_control": arm.name == readout.control,
                "assigned": arm.assigned,
                "expected": readout.ratio.expected.get(arm.name),
                "seen_in_two_arms": arm.crossed,
                "people": arm.people,
                "converted": arm.converted,
                "rate": 100 * arm.converted / arm.people if arm.people else None,
                "revenue_per_person": arm.revenue.mean,
                "visits_per_person": arm.visits.mean,
                "verdict": one.verdict if one else None,
                **_ends("lift_points", one.lift if one else None, 100),
                **_ends("relative_percent", one.relative if one else None, 100),
                **_ends("always_valid_points", one.always_valid if one else None, 100),
                "p_value": one.chance if one else None,
                **_ends("revenue_lift", one.revenue if one else None),
                **_ends("visits_lift", one.visits if one else None),
                "smallest_points": _scaled(one.smallest) if one else None,
                "people_needed": one.needed if one else None,
                "people_more": one.more if one else None,
            }
        )
    return pl.DataFrame(rows, schema=_ARMS)


def groups(readout: Readout) -> pl.DataFrame:
    """A row for each arm and group of people: both arms' counts, the lift in points, whether it
    stands."""
    return pl.DataFrame(
        [
            {
                "arm": one.arm.name,
                readout.by: group.name,
                "converted": group.arm[0],
                "people": group.arm[1],
                "control_converted": group.control[0],
                "control_people": group.control[1],
                **_ends("lift_points", group.lift, 100),
                "p_value": group.chance,
                "stands": group.is_real,
            }
            for one in readout.comparisons
            for group in one.groups
        ],
        schema={
            "arm": pl.String,
            readout.by: pl.String,
            **dict.fromkeys(
                ("converted", "people", "control_converted", "control_people"), pl.Int64
            ),
            **{f"lift_points{end}": pl.Float64 for end in _INTERVAL},
            "p_value": pl.Float64,
            "stands": pl.Boolean,
        },
    )


def listed(readouts: list[Readout]) -> pl.DataFrame:
    """A row for each experiment and arm compared, with its verdict."""
    return pl.DataFrame(
        [
            {
                "experiment": readout.experiment,
                "since": readout.counted.first_on,
                "last": readout.counted.last_on,
                "assigned": readout.counted.assigned,
                "mature": readout.people,
                "arm": one.arm.name,
                "control": readout.control,
                "verdict": one.verdict,
                **_ends("lift_points", one.lift, 100),
            }
            for readout in readouts
            for one in readout.comparisons
        ],
        schema={
            "experiment": pl.String,
            "since": pl.Date,
            "last": pl.Date,
            "assigned": pl.Int64,
            "mature": pl.Int64,
            "arm": pl.String,
            "control": pl.String,
            "verdict": pl.String,
            **{f"lift_points{end}": pl.Float64 for end in _INTERVAL},
        },
    )


def plain(readout: Readout, lines: list[str]) -> dict[str, Any]:
    """Everything, as JSON knows it."""
    return {
        "experiment": readout.experiment,
        "goal": readout.goal or "order",
        "better": readout.better,
        "window_days": readout.window_days,
        "since": readout.counted.first_on.isoformat() if readout.counted.first_on else None,
        "last": readout.counted.last_on.isoformat() if readout.counted.last_on else None,
        "control": readout.control,
        "assigned": readout.counted.assigned,
        "mature": readout.people,
        "immature": readout.counted.assigned - readout.people,
        "seen_in_two_arms": readout.crossed,
        "sample_ratio": {
            "holds": readout.ratio.holds,
            "p_value": readout.ratio.chance,
            "expected": dict(readout.ratio.expected),
            "unplanned": list(readout.ratio.unplanned),
        },
        "told": lines,
        "arms": arms(readout).to_dicts(),
        "by": readout.by,
        "groups": groups(readout).to_dicts(),
        "differ": {one.arm.name: one.differ for one in readout.comparisons},
        "without_seen_in_two_arms": {
            one.arm.name: _ends("lift_points", one.kept, 100) for one in readout.comparisons
        },
    }


def _ends(
    name: str, interval: Interval | tuple[float, float, float | None] | None, scale: float = 1
) -> dict[str, float | None]:
    """A value and the ends of its interval as three columns."""
    ends = interval or (None, None, None)
    return {
        f"{name}{end}": _scaled(value, scale) for end, value in zip(_INTERVAL, ends, strict=True)
    }


def _scaled(value: float | None, scale: float = 100) -> float | None:
    """A value in the unit of its column."""
    return None if value is None else scale * value


_ARMS: dict[str, Any] = {
    "arm": pl.String,
    "is_control": pl.Boolean,
    "assigned": pl.Int64,
    "expected": pl.Float64,
    **dict.fromkeys(("seen_in_two_arms", "people", "converted"), pl.Int64),
    **dict.fromkeys(("rate", "revenue_per_person", "visits_per_person"), pl.Float64),
    "verdict": pl.String,
    **{
        f"{name}{end}": pl.Float64
        for name in ("lift_points", "relative_percent", "always_valid_points")
        for end in _INTERVAL
    },
    "p_value": pl.Float64,
    **{f"{name}{end}": pl.Float64 for name in ("revenue_lift", "visits_lift") for end in _INTERVAL},
    "smallest_points": pl.Float64,
    "people_needed": pl.Int64,
    "people_more": pl.Int64,
}
