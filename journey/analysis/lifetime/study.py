"""The whole study of a set of buyers: the fits, the weeks held out, what may be predicted."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from journey.analysis.lifetime import bgnbd, gammagamma
from journey.analysis.lifetime.buyers import Buyers, buyers, last_full_day, repeats_until
from journey.analysis.lifetime.fitting import Fit
from journey.analysis.lifetime.holdout import TOLERATED, Holdout, hold_out
from journey.analysis.lifetime.settings import IDENTIFIED, Settings
from journey.analysis.lifetime.value import Worth, worth
from journey.errors import MetricError
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters

FEWEST_REPEATERS = 50
"""The fewest people who came back that four parameters can be told from."""

FEWEST_WEEKS, MOST_WEEKS = 4, 39
"""How long the weeks held out are, where the reader does not say: a third of all, within these."""


@dataclass(frozen=True)
class Study:
    """What was found of a set of buyers."""

    settings: Settings
    ends_on: date
    """The day after the last full day observed."""
    buyers: Buyers
    """As they stood then."""
    model: Fit
    """Fitted to all of it."""
    money: Fit | None
    """The model of value; None where `no_value` says why."""
    related: tuple[float, float, float]
    """The correlation of frequency and value, with its interval."""
    no_value: str
    holdout: Holdout | None
    """None where the time is too short to hold any of it out; `no_holdout` says why."""
    no_holdout: str

    @property
    def worth(self) -> Worth:
        """What each buyer is worth. Raises MetricError where the holdout speaks against it."""
        if self.holdout is None:
            raise MetricError(self.no_holdout)
        if not self.holdout.passed:
            raise MetricError(
                f"For the {self.holdout.weeks:.0f} weeks held out the model forecast "
                f"{self.holdout.forecast:,.0f} repeat purchases, and {self.holdout.actual:,} came: "
                f"further off than {100 * TOLERATED:.0f}\u2009% and than chance would explain. "
                "So nothing is predicted from it. Filter to buyers who are more alike, or hold "
                "out other weeks."
            )
        return worth(self.buyers, self.model, self.money, self.settings.terms)

    def as_json(self) -> dict[str, Any]:
        """Plain values. The first parameters are those of the calibration where the reader set
        one, else those of the whole time."""
        chosen = self.settings.calibrate_until is not None and self.holdout is not None
        first = self.holdout.model if chosen and self.holdout else self.model
        return {
            **_parameters(first),
            "log_likelihood": first.log_likelihood,
            "intervals": {name: list(ends) for name, ends in first.intervals.items()},
            "note": first.note,
            "buyers": first.cases,
            "as_of": self.ends_on.isoformat(),
            "who": self.settings.who,
            "holdout": self._holdout(),
            "value": self._value(),
            "whole_time": {
                **_parameters(self.model),
                "log_likelihood": self.model.log_likelihood,
                "buyers": self.buyers.people,
                "repeaters": self.buyers.repeaters,
            },
            "to_come": self._to_come(),
        }

    def _holdout(self) -> dict[str, Any]:
        """The weeks held out."""
        found = self.holdout
        if found is None:
            return {"refused": self.no_holdout}
        last = found.weekly.row(-1, named=True) if found.weekly.height else None
        return {
            "calibrate_until": found.calibrate_until.isoformat(),
            "until": found.ends_on.isoformat(),
            "weeks": found.weeks,
            "parameters": _parameters(found.model),
            "buyers": found.buyers,
            "actual": found.actual,
            "forecast": found.forecast,
            "forecast_interval": [found.forecast_low, found.forecast_high],
            "error": found.error,
            "naive_forecast": found.naive,
            "passed": found.passed,
            "cumulative": last
            and {
                "week": last["week"],
                "actual": last["actual"],
                "forecast": last["forecast"],
                "error": last["forecast"] / last["actual"] - 1 if last["actual"] else None,
            },
            "weekly": [
                {**row, "ends_on": row["ends_on"].isoformat()}
                for row in found.weekly.iter_rows(named=True)
            ],
            "by_frequency": found.by_frequency.to_dicts(),
        }

    def _value(self) -> dict[str, Any]:
        """The model of value."""
        value, low, high = self.related
        related = {"correlation": value, "correlation_interval": [low, high]}
        if self.money is None:
            return {"refused": self.no_value, **related}
        return {
            **_parameters(self.money),
            "log_likelihood": self.money.log_likelihood,
            "intervals": {name: list(ends) for name, ends in self.money.intervals.items()},
            "people": self.money.cases,
            **related,
        }

    def _to_come(self) -> dict[str, Any]:
        """What is predicted, if anything is."""
        try:
            found = self.worth
        except MetricError as error:
            return {"refused": str(error)}
        terms = self.settings.terms
        told: dict[str, Any] = {
            "weeks": terms.weeks, "margin": terms.margin, "discount": terms.discount
        }  # fmt: skip
        for name in ("purchases", "value"):
            if name in found.rows.columns:
                whole, low, high = found.total(name)
                told[name] = {"total": whole, "low": low, "high": high}
        return told


def study(engine: Engine, filters: Filters, settings: Settings) -> Study:
    """Fit, hold out and judge. Raises MetricError, in words, where there is no such model."""
    ends_on = last_full_day(filters, engine.snapshot.time_zone)
    whole = buyers(engine, filters, ends_on, settings.who)
    model = _fitted(whole, settings)
    money, no_value = None, ""
    repeats, values = whole.values()
    try:
        _enough(len(repeats))
        money = gammagamma.fit(repeats, values)
    except MetricError as error:
        no_value = str(error)
    holdout, no_holdout = None, ""
    try:
        holdout = _held_out(engine, filters, settings, whole, ends_on)
    except MetricError as error:
        if settings.calibrate_until is not None:
            raise
        no_holdout = str(error)
    return Study(
        settings,
        ends_on,
        whole,
        model,
        money,
        gammagamma.correlation(repeats, values),
        no_value,
        holdout,
        no_holdout,
    )


def _held_out(
    engine: Engine, filters: Filters, settings: Settings, whole: Buyers, ends_on: date
) -> Holdout:
    """The weeks held out, which the reader chose or are the last third."""
    first: date = whole.rows["first_on"].min()  # type: ignore[assignment]
    cut = settings.calibrate_until
    if cut is None:
        weeks = min(MOST_WEEKS, (ends_on - first).days // 3 // 7)
        if weeks < FEWEST_WEEKS:
            raise MetricError(
                f"The time since the first order ({(ends_on - first).days} days) is too short to "
                "hold any of it out, so nothing is predicted. Wait for "
                f"{3 * 7 * FEWEST_WEEKS} days of history."
            )
        cut = ends_on - timedelta(weeks=weeks)
    if not first < cut < ends_on:
        raise MetricError(
            f"The calibration until {cut} leaves nothing to compare. Choose a day after {first}, "
            f"the first order, and before {ends_on}, the as-of."
        )
    calibration = buyers(engine, filters, cut, settings.who)
    model = _fitted(calibration, settings)
    repeats = repeats_until(engine, filters, cut, ends_on, settings.who)
    return hold_out(model, calibration, repeats, ends_on)


def _fitted(found: Buyers, settings: Settings) -> Fit:
    """The model of how often and how long, where there are enough people for one."""
    if not found.people:
        only = settings.who == IDENTIFIED
        raise MetricError(
            f"No {'identified buyer' if only else 'buyer'} placed a first order before "
            f"{found.ends_on}. Widen the period or the filters"
            + (", or count buyers known by a cookie alone too." if only else ".")
        )
    _enough(found.repeaters)
    return bgnbd.fit(found.history())


def _enough(repeaters: int) -> None:
    """Raise MetricError where too few people came back."""
    if repeaters < FEWEST_REPEATERS:
        who = f"Only {repeaters:,} buyers" if repeaters else "No buyer"
        raise MetricError(
            f"{who} came back on another day; the model needs "
            f"{FEWEST_REPEATERS}. Widen the filters, or take in a longer history."
        )


def _parameters(fit: Fit) -> dict[str, float]:
    """The parameters by name."""
    return dict(zip(fit.names, fit.values, strict=True))
