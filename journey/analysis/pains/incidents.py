"""Days on which fewer went on than on a segment's other days.

A span of days in which fewer of everyone, of a device, a country, a device in a country, a channel
or a persona went on than on its other days, given who came. The most striking span is kept, its
people are taken out, and the rest is looked at again, until nothing stands out any more: so one
broken page is not told once for the device and again for each country in which it is used. A span
is told of the widest segment whose other people fall short on those days too.

What stands out must pass a chance of 1 % in all series together (Bonferroni), since a false alarm
sends a team looking for what is not there; and at least `minimum_n` people must be concerned.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np

from journey.analysis.pains import scanning
from journey.analysis.pains.cases import Cases, Flags
from journey.analysis.pains.loss import LEVEL, Floats, Loss, held
from journey.analysis.pains.scanning import Span
from journey.analysis.pains.standard import expected_rates
from journey.metrics.filters import SEGMENTS

MOST = 8
"""The most spans looked for."""

FEWEST_DAYS = 28
"""In shorter periods no day can be compared with others."""

Scanned = tuple[tuple[str, ...], ...]

SCANNED: Scanned = (
    (),
    *((name,) for name in SEGMENTS),
    ("device", "country"),
)
"""Whose days are looked at: everyone's, those of each value of each filter, and those of each
device in each country."""

REST_Z = 2.326
"""Standard deviations by which the others of a wider segment must fall short to be meant too."""

Who = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Scan:
    """The worst span of each segment at one place."""

    cases: Cases
    spans: dict[Who, Span]
    series: int


def incidents(places: list[Cases], days: int, minimum_n: int) -> tuple[list[Loss], list[Cases]]:
    """Spans in which fewer went on than on other days, and the cases that are left without them."""
    return told(scan(places, days, minimum_n), days, minimum_n)


def told(
    scans: list[Scan], days: int, minimum_n: int, scanned: Scanned = SCANNED
) -> tuple[list[Loss], list[Cases]]:
    """The spans among scans that stand out from all of them together, and what is left of the
    cases."""
    scans, found = list(scans), list[Loss]()
    while len(found) < MOST and (worst := _worst(scans)) is not None:
        number, who, level = worst
        one = scans[number]
        who = _meant(one, who, sum(each.series for each in scans))
        span = one.spans[who]
        within = _within(one.cases, who, span)
        found.append(_loss(one.cases, dict(who), within, span, days, level))
        (scans[number],) = scan([one.cases.at(~within)], days, minimum_n, scanned)
    return found, [one.cases for one in scans]


def scan(places: list[Cases], days: int, minimum_n: int, scanned: Scanned = SCANNED) -> list[Scan]:
    """The worst span, with people enough, of each segment at each place; `scanned` says whose days
    are looked at. All are looked at together, since so many small questions would take longer."""
    if days < FEWEST_DAYS:
        return [Scan(cases, {}, 0) for cases in places]
    found: list[tuple[Cases, list[Who], list[Floats]]] = []
    for cases in places:
        if not len(cases):
            found.append((cases, [], [np.zeros((0, days))] * 4))
            continue
        whos, series = _series(cases, days, scanned)
        n, x, e, _ = series
        known = (e.sum(axis=1) >= 2 * scanning.FEWEST) & ((n - x).sum(axis=1) >= scanning.FEWEST)
        kept = [who for who, is_known in zip(whos, known, strict=True) if is_known]
        found.append((cases, kept, [values[known] for values in series]))
    if not any(whos for _, whos, _ in found):
        return [Scan(cases, {}, 0) for cases in places]
    n, x, e, v = (np.concatenate([series[each] for _, _, series in found]) for each in range(4))
    spans = iter(scanning.worst(n, x, scanning.matched(n, x, e), v, minimum_n))
    return [
        Scan(cases, {who: span for who in whos if (span := next(spans)) is not None}, len(whos))
        for cases, whos, _ in found
    ]


def _worst(scans: list[Scan]) -> tuple[int, Who, float] | None:
    """The place and segment whose span stands out most, with its chance in all comparisons; None
    where none does."""
    series = sum(scan.series for scan in scans)
    level, _, number, who = min(
        (
            (span.chance * series, -span.score, number, who)
            for number, scan in enumerate(scans)
            for who, span in scan.spans.items()
        ),
        default=(1.0, 0.0, 0, ()),
    )
    return (number, who, level) if level <= LEVEL else None


def _meant(scan: Scan, who: Who, series: int) -> Who:
    """The segment that a striking span is told of: the widest around it whose other people fall
    short on the same days too; else the narrowest within it beside whom the others do not."""
    for wider in _around(who):
        if _stands_out(scan, wider, series, who) and _is_wide(scan, wider, who):
            return _meant(scan, wider, series)
    within = [
        (scan.spans[narrower].chance, narrower)
        for narrower in scan.spans
        if len(narrower) == len(who) + 1
        and set(who) < set(narrower)
        and _stands_out(scan, narrower, series, who)
        and _is_narrow(scan, who, narrower)
    ]
    return min(within)[1] if within else who


def _around(who: Who) -> Iterator[Who]:
    """The segments that hold this one and are one choice wider."""
    for left_out in range(len(who)):
        yield who[:left_out] + who[left_out + 1 :]


def _stands_out(scan: Scan, who: Who, series: int, other: Who) -> bool:
    """Whether a segment stands out by itself, on days that meet those of another."""
    own, span = scan.spans.get(who), scan.spans[other]
    if own is None or own.chance * series > LEVEL:
        return False
    return min(own.after, span.after) > max(own.first, span.first)


def _is_wide(scan: Scan, who: Who, narrower: Who) -> bool:
    """Whether those of a segment who are not in a narrower one fall short on its days too."""
    rest = _shortfall(scan, who, narrower)
    return rest.missing > REST_Z * rest.spread


def _is_narrow(scan: Scan, who: Who, narrower: Who) -> bool:
    """Whether those of a segment who are not in a narrower one go on much as ever."""
    rest, own = _shortfall(scan, who, narrower), _shortfall(scan, narrower)
    if rest.expected < scanning.FEWEST or rest.missing > REST_Z * rest.spread:
        return False
    return rest.missing / rest.expected < own.missing / own.expected / 2


@dataclass(frozen=True)
class _Shortfall:
    """How many were expected to go on, how many of them did not, and by how many it may be off."""

    expected: float
    missing: float
    spread: float


def _shortfall(scan: Scan, who: Who, without: Who | None = None) -> _Shortfall:
    """What is missing on a segment's days, among those who are not in another segment."""
    cases, group = scan.cases, scan.cases.of(dict(who))
    rates = _rates(cases)
    expected = cases.people * rates
    expected *= cases.went_on[group].sum() / max(1e-9, expected[group].sum())
    within = _within(cases, who, scan.spans[who])
    if without is not None:
        within &= ~cases.of(dict(without))
    return _Shortfall(
        float(expected[within].sum()),
        float((expected - cases.went_on)[within].sum()),
        float(np.sqrt((expected * (1 - rates))[within].sum())),
    )


def _within(cases: Cases, who: Who, span: Span) -> Flags:
    """The rows of a segment on the days of a span."""
    return cases.of(dict(who)) & (cases.day >= span.first) & (cases.day < span.after)


def _rates(cases: Cases) -> Floats:
    """What is expected of each row, by channel and persona."""
    return expected_rates(
        cases.people, cases.went_on, cases.segment["channel"], cases.codes(("channel", "persona"))
    )


def _series(cases: Cases, days: int, scanned: Scanned) -> tuple[list[Who], list[Floats]]:
    """Of each segment the people, those who went on, how many were expected to and the variance
    of that: a row a segment, a column a day."""
    rates = _rates(cases)
    expected = cases.people * rates
    counts = (cases.people, cases.went_on, expected, expected * (1 - rates))
    whos: list[Who] = []
    series: list[list[Floats]] = [[] for _ in counts]
    for names in scanned:
        segments = list(product(*(cases.values[name] for name in names)))
        code = cases.codes(names) * days + cases.day
        whos += (tuple(zip(names, values, strict=True)) for values in segments)
        for rows, values in zip(series, counts, strict=True):
            counted = np.bincount(code, values, len(segments) * days).astype(np.float64)
            rows.append(counted.reshape(len(segments), days))
    return whos, [np.concatenate(rows) for rows in series]


def _loss(
    cases: Cases, who: Mapping[str, str], within: Flags, span: Span, days: int, level: float
) -> Loss:
    """A span as a loss: its people at the rates of the segment's other days, as they are made."""
    own = cases.of(who)
    outside = own & ~within
    stratum = cases.codes(("channel", "persona"))
    rates = expected_rates(
        cases.people[outside],
        cases.went_on[outside],
        cases.segment["channel"][outside],
        stratum[outside],
    )
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
    onward, onward_error = cases.onward(own)
    return Loss(
        detector="incident",
        place=cases.place,
        who=who,
        first=span.first,
        after=span.after if span.after < days else None,
        people=int(people),
        observed=x / people,
        comparable=comparable,
        onward=onward,
        orders=lost * onward,
        error=float(np.hypot(np.sqrt(noise + sure) * onward, lost * onward_error)),
        chance=level,
        rows=cases.number[within],
        missing=held(n, cases.went_on[within], expected, onward),
    )
