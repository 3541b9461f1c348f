"""Where more are lost than among comparable people, and than at other times.

Two comparisons, at each place of the journey:

- **With the segment's own other days** (`incident`): a span of days in which fewer of everyone, of
  a device, a country, a device in a country, a channel or a persona went on than on its other
  days, given who came. The most striking span is kept, its people are taken out, and the rest is
  looked at again, until nothing stands out any more: so one broken page is not told once for the
  device and again for each country in which the device is used.
- **With other segments** (`drop_off`): a device or a country in which fewer go on than elsewhere
  among people of the same channel and persona. Spans already found are left out of it.

That visitors of one channel or persona buy less often than those of another is not a loss: they
came with another intent, and no one can get them back. So channels and personas are compared with
their own past alone. When a channel suddenly brings far more of all visitors than it used to (a
campaign), those are other people than before, and are compared with nobody.

What stands out must pass a chance of 1 % in all comparisons together (Holm 1979), since a false
alarm sends a team looking for what is not there; and at least `minimum_n` people must be concerned.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from journey.analysis.pains import scanning
from journey.analysis.pains.places import Cases, Place
from journey.analysis.pains.standard import expected_rates, gap
from journey.metrics.filters import SEGMENTS

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

LEVEL = 0.01
"""How often anything at all may be found where nothing happened."""

MOST = 8
"""The most spans looked for."""

INFLUX = 1.6
"""A channel that brings so many times its usual share of visitors brings other people."""

SCANNED: tuple[tuple[str, ...], ...] = (
    (),
    *((name,) for name in SEGMENTS),
    ("device", "country"),
)
"""Whose days are looked at: everyone's, those of each value of each filter, and those of each
device in each country."""

FEWEST_DAYS = 28
"""In shorter periods no day can be compared with others."""


@dataclass(frozen=True)
class Loss:
    """People lost at one place, counted in the orders that would have come of them."""

    detector: str
    place: Place
    who: dict[str, str]
    first: int | None
    """Days since the first day of the period; None where it was always so."""
    after: int | None
    """The day after the last; None where it goes on."""
    people: int
    observed: float
    comparable: float
    orders: float
    error: float
    """The standard error of the orders."""
    chance: float


def losses(places: list[Cases], days: int, minimum_n: int) -> list[Loss]:
    """All losses that stand out, those in time first."""
    if not places:
        return []
    usual = _without_influx(places, days)
    found, rest = incidents(usual, days, minimum_n) if days >= FEWEST_DAYS else ([], usual)
    return [*found, *standing(rest, minimum_n)]


def incidents(places: list[Cases], days: int, minimum_n: int) -> tuple[list[Loss], list[Cases]]:
    """Spans in which fewer went on than on other days, and the cases that are left without them."""
    rest = list(places)
    found: list[Loss] = []
    kept = [_scan(cases, days) for cases in rest]
    while len(found) < MOST:
        series = sum(len(spans) for spans in kept)
        candidates = [
            (span.chance * series, -span.score, number, who, span)
            for number, spans in enumerate(kept)
            for who, span in spans
            if span is not None
        ]
        for level, _, number, who, span in sorted(candidates, key=lambda one: one[:3]):
            cases = rest[number]
            within = cases.of(dict(who)) & (cases.day >= span.first) & (cases.day < span.after)
            if level > LEVEL:
                return found, rest
            if cases.people[within].sum() >= minimum_n:
                break
        else:
            return found, rest
        found.append(_incident(cases, dict(who), within, span, days, level))
        rest[number] = cases.at(~within)
        kept[number] = _scan(rest[number], days)
    return found, rest


def standing(places: list[Cases], minimum_n: int) -> list[Loss]:
    """Devices and countries in which fewer go on than elsewhere, all the time."""
    compared = []
    for cases in places:
        for name, other in (("device", "country"), ("country", "device")):
            stratum = _codes(cases, ("channel", "persona", other))
            for value in _values(cases, name, minimum_n):
                group = cases.of({name: value})
                if (one := gap(cases.people, cases.went_on, stratum, group)) is not None:
                    compared.append((one, cases, name, value, group))
    compared.sort(key=lambda one: one[0].chance)
    found = []
    for place, (one, cases, name, value, group) in enumerate(compared):
        if one.chance * (len(compared) - place) > LEVEL:
            break
        if one.lost <= 0 or one.people < minimum_n:
            continue
        onward, onward_error = _onward(cases, group)
        found.append(
            Loss(
                detector="drop_off",
                place=cases.place,
                who={name: value},
                first=None,
                after=None,
                people=int(one.people),
                observed=one.observed,
                comparable=one.comparable,
                orders=one.lost * onward,
                error=float(np.hypot(one.error * onward, one.lost * onward_error)),
                chance=one.chance,
            )
        )
    return found


Who = tuple[tuple[str, str], ...]


def _scan(cases: Cases, days: int) -> list[tuple[Who, scanning.Span | None]]:
    """The worst span of everyone and of each segment."""
    rates = expected_rates(
        cases.people, cases.went_on, cases.segment["channel"], _codes(cases, ("channel", "persona"))
    )
    expected = cases.people * rates
    counts = (cases.people, cases.went_on, expected, expected * (1 - rates))
    whos: list[Who] = []
    series: list[list[Floats]] = [[] for _ in counts]
    for names in SCANNED:
        segments = list(product(*(cases.values[name] for name in names)))
        code = _codes(cases, names) * days + cases.day
        whos += (tuple(zip(names, values, strict=True)) for values in segments)
        for rows, values in zip(series, counts, strict=True):
            size = len(segments) * days
            counted = np.bincount(code, values, size).astype(np.float64)
            rows.append(counted.reshape(len(segments), days))
    n, x, e, v = (np.concatenate(rows) for rows in series)
    told = e.sum(axis=1) >= 2 * scanning.FEWEST
    n, x, e, v = n[told], x[told], e[told], v[told]
    e *= (x.sum(axis=1) / e.sum(axis=1))[:, None]
    kept = [who for who, is_told in zip(whos, told, strict=True) if is_told]
    return list(zip(kept, scanning.worst(n, x, e, v), strict=True))


def _incident(
    cases: Cases, who: dict[str, str], within: Flags, span: scanning.Span, days: int, level: float
) -> Loss:
    """A span as a loss: its people at the rates of the segment's other days, as they are made."""
    own = cases.of(who)
    outside = own & ~within
    rates = expected_rates(
        cases.people[outside],
        cases.went_on[outside],
        cases.segment["channel"][outside],
        _codes(cases, ("channel", "persona"))[outside],
    )
    stratum = _codes(cases, ("channel", "persona"))
    whole = cases.went_on[outside].sum() / cases.people[outside].sum()
    by_stratum = np.full(int(stratum.max()) + 1, whole)
    by_stratum[stratum[outside]] = rates
    expected = by_stratum[stratum[within]]
    n, x = cases.people[within], float(cases.went_on[within].sum())
    people = float(n.sum())
    comparable = float((n * expected).sum()) / people
    # What chance alone does among so many, and how sure the rate of the other days is.
    noise = people * max(comparable * (1 - comparable), x / people * (1 - x / people))
    sure = people**2 * comparable * (1 - comparable) / max(1.0, cases.people[outside].sum())
    lost = people * comparable - x
    onward, onward_error = _onward(cases, own)
    return Loss(
        detector="incident",
        place=cases.place,
        who=who,
        first=span.first,
        after=span.after if span.after < days else None,
        people=int(people),
        observed=x / people,
        comparable=comparable,
        orders=lost * onward,
        error=float(np.hypot(np.sqrt(noise + sure) * onward, lost * onward_error)),
        chance=level,
    )


def _onward(cases: Cases, group: Flags) -> tuple[float, float]:
    """Of those who go on from here, the share that orders in the end, with its error."""
    n, x = float(cases.went_on[group].sum()), float(cases.ordered[group].sum())
    share = x / n if n else 0.0
    return share, float(np.sqrt(share * (1 - share) / n)) if n else 0.0


def _codes(cases: Cases, names: tuple[str, ...]) -> npt.NDArray[np.int64]:
    """A number for each combination of the values of these filters."""
    code = np.zeros(len(cases), dtype=np.int64)
    for name in names:
        code = code * len(cases.values[name]) + cases.segment[name]
    return code


def _values(cases: Cases, name: str, minimum_n: int) -> list[str]:
    """The values of a filter that enough people have; not knowing is no place to go."""
    sizes = np.bincount(cases.segment[name], cases.people, len(cases.values[name]))
    return [
        value
        for value, size in zip(cases.values[name], sizes, strict=True)
        if size >= minimum_n and value != "Unknown"
    ]


def _without_influx(places: list[Cases], days: int) -> list[Cases]:
    """The cases without the weeks, and the one after each, in which a channel brought far more of
    the visitors than it usually does."""
    first = places[0]
    weeks = days // 7 + 1
    channels = len(first.values["channel"])
    code = first.day // 7 * channels + first.segment["channel"]
    came = np.bincount(code, first.people, weeks * channels).reshape(weeks, channels)
    all_came = came.sum(axis=1, keepdims=True)
    share = came / np.maximum(all_came, 1)
    usual = np.median(share, axis=0)
    more = (share > INFLUX * usual) & (came - usual * all_came > 4 * np.sqrt(usual * all_came + 1))
    more[1:] |= more[:-1].copy()
    return [
        cases.at(~more[np.minimum(cases.day // 7, weeks - 1), cases.segment["channel"]])
        for cases in places
    ]
