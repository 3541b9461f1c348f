"""Attribution worked out by hand, in plain loops and fractions, to hold the product against."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from itertools import combinations, permutations

from journey.analysis.attribution.settings import Settings
from tests.oracle import Oracle, Question, Touch

Way = tuple[str, ...]


# Visits and paths


@dataclass(frozen=True)
class Visit:
    """A session under its channel, or an arrival through another channel within it."""

    person: str
    channel: str
    first: Touch
    session: str


def visits(oracle: Oracle) -> dict[str, list[Visit]]:
    """Each person's visits, in order."""
    found: dict[str, list[Visit]] = {}
    for person, touches in oracle.people.items():
        sessions: dict[str, list[Touch]] = defaultdict(list)
        for touch in touches:
            if touch.stage != "post_purchase":
                sessions[oracle.session_of[touch.event_id]].append(touch)
        mine = []
        for session, theirs in sessions.items():
            start, channel = theirs[0], "Unassigned"
            for touch in theirs:
                if channel == "Unassigned":
                    channel = touch.channel
                elif touch.channel not in ("Unassigned", "Direct", channel):
                    mine.append(Visit(person, channel, start, session))
                    start, channel = touch, touch.channel
            mine.append(Visit(person, channel, start, session))
        found[person] = sorted(mine, key=lambda visit: visit.first.place)
    return found


def paths(oracle: Oracle, question: Question, settings: Settings) -> list[tuple[object, ...]]:
    """Person, whether it led to an order, its value, the order's own channel, the channels of
    the path and how many microseconds each came before its end."""
    result = []
    by_person = visits(oracle)
    for journey in oracle.journeys:
        if journey.is_orphan or not question.chosen(journey):
            continue
        theirs = by_person[journey.person]
        order = journey.order if journey.order and journey.order.at <= question.as_of else None
        if order:
            end, value, own = order.at, _value(oracle, journey, question), order.channel
        else:
            here = [
                visit.first.at
                for visit in theirs
                if oracle.journey_of[visit.first.event_id] is journey
                and visit.first.at <= question.as_of
            ]
            if not here:
                continue
            end, value, own = max(here), 0.0, "Unassigned"
            if settings.mature_only and journey.matures_at > question.as_of:
                continue
            if _bought_later(oracle, journey.person, end, question, settings):
                continue
        if not question.since <= oracle.day(end) < question.until:
            continue
        steps = []
        for visit in theirs:
            number = oracle.journey_of[visit.first.event_id].number
            before = visit.first.at <= end and number <= journey.number
            if settings.lookback.days is not None:
                before &= visit.first.at >= end - timedelta(days=settings.lookback.days)
            if settings.reset_after_conversion:
                before &= number > _last_order_before(oracle, journey)
            if before:
                steps.append(visit)
        if settings.lookback.sessions is not None:
            firsts = sorted({_session_place(theirs, visit) for visit in steps}, reverse=True)[
                : settings.lookback.sessions
            ]
            steps = [visit for visit in steps if _session_place(theirs, visit) in firsts]
        known = [visit for visit in steps if visit.channel != "Unassigned"] or steps
        channels = tuple(visit.channel for visit in known) or ("Unassigned",)
        ages = tuple((end - visit.first.at) // timedelta(microseconds=1) for visit in known) or (0,)
        result.append(
            (
                *(journey.person, order is not None, value),
                *(None if own == "Unassigned" else own, channels, ages),
            )
        )
    return sorted(result, key=repr)


def _value(oracle: Oracle, journey: object, question: Question) -> float:
    """What the journey's order brought, as far as it was known."""
    amounts = [
        amount
        for home, touch, amount in oracle.payments
        if home is journey and touch.at <= question.as_of
    ]
    return float(sum(amounts))


def _bought_later(
    oracle: Oracle, person: str, end: object, question: Question, settings: Settings
) -> bool:
    """Whether an order looks back on the visits that ended then."""
    for touch in oracle.people[person]:
        if touch.is_order and end < touch.at <= question.as_of:
            days = settings.lookback.days
            if days is None or touch.at <= end + timedelta(days=days):
                return True
    return False


def _last_order_before(oracle: Oracle, journey: object) -> int:
    """The number of the person's last journey with an order before this one; 0 for none."""
    numbers = [
        other.number
        for other in oracle.journeys
        if other.person == journey.person and other.order and other.number < journey.number
    ]
    return max(numbers, default=0)


def _session_place(theirs: list[Visit], visit: Visit) -> tuple[object, ...]:
    """Where the visit's session begins in the person's order."""
    return min(other.first.place for other in theirs if other.session == visit.session)


# Rules


def shares(model: str, way: Sequence[str], weights: Sequence[float] = (1, 1, 1)) -> list[Fraction]:
    """What each visit of a way gets of its order, by definitions §9."""
    n = len(way)
    nothing = [Fraction(0)] * n
    if model == "first":
        return [Fraction(1), *nothing[1:]]
    if model == "last":
        return [*nothing[1:], Fraction(1)]
    if model == "last_non_direct":
        others = [place for place in range(n) if way[place] != "Direct"]
        place = others[-1] if others else n - 1
        return [Fraction(int(here == place)) for here in range(n)]
    if model == "linear":
        return [Fraction(1, n)] * n
    if model in ("participation", "shapley"):
        new = [Fraction(int(way[place] not in way[:place])) for place in range(n)]
        return new if model == "participation" else [share / sum(new) for share in new]
    front, middle, back = {
        "u_shaped": (Fraction(4, 10), Fraction(2, 10), Fraction(4, 10)),
        "j_shaped": (Fraction(2, 10), Fraction(2, 10), Fraction(6, 10)),
        "inverse_j": (Fraction(6, 10), Fraction(2, 10), Fraction(2, 10)),
        "custom": tuple(Fraction(weight) for weight in weights),
    }[model]
    if n == 1:
        return [Fraction(1)]
    if n == 2:
        if front + back == 0:
            return [Fraction(1, 2)] * 2
        return [front / (front + back), back / (front + back)]
    whole = front + middle + back
    return [front / whole, *[middle / whole / (n - 2)] * (n - 2), back / whole]


def credit(
    model: str, ways: Iterable[tuple[Way, Fraction]], weights=(1, 1, 1)
) -> dict[str, Fraction]:
    """Credit of each channel for ways and what each is worth."""
    result: dict[str, Fraction] = defaultdict(Fraction)
    for way, worth in ways:
        for channel, share in zip(way, shares(model, way, weights), strict=True):
            result[channel] += share * worth
    return dict(result)


# Markov


def removal_effects(
    ways: Iterable[tuple[Way, int, int]], order: int, *, with_nulls: bool, self_loops: bool = True
) -> tuple[Fraction, dict[str, Fraction]]:
    """The chance of an order and each channel's removal effect, in exact fractions: the chain is
    built as a dictionary and solved anew for each channel left out."""
    flows: dict[Way, Counter[Way | str]] = defaultdict(Counter)
    channels = set()
    for way, orders, nulls in ways:
        if not self_loops:
            way = tuple(c for place, c in enumerate(way) if place == 0 or way[place - 1] != c)
        channels |= set(way)
        times = orders + (nulls if with_nulls else 0)
        if not times:
            continue
        state: Way = ("START",) * order
        for channel in way:
            onward = (*state[1:], channel)
            flows[state][onward] += times
            state = onward
        flows[state]["ORDER"] += orders
        if with_nulls:
            flows[state]["NULL"] += nulls
    start: Way = ("START",) * order
    base = _chance(flows, start, None)
    effects = {
        channel: 1 - _chance(flows, start, channel) / base if base else Fraction(0)
        for channel in sorted(channels)
    }
    return base, effects


def _chance(flows: dict[Way, Counter], start: Way, removed: str | None) -> Fraction:
    """P(ORDER | START), every transition into the removed channel leading to NULL: Gauss."""
    states = list(flows)
    place = {state: number for number, state in enumerate(states)}
    rows = []
    for state in states:
        out = sum(flows[state].values())
        row = [Fraction(0)] * (len(states) + 1)
        row[place[state]] += 1
        for onward, times in flows[state].items():
            if onward == "ORDER":
                row[-1] += Fraction(times, out)
            elif onward != "NULL" and onward[-1] != removed:
                row[place[onward]] -= Fraction(times, out)
        rows.append(row)
    for column in range(len(states)):
        pivot = next(r for r in range(column, len(rows)) if rows[r][column])
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [cell / rows[column][column] for cell in rows[column]]
        for other in range(len(rows)):
            if other != column and rows[other][column]:
                factor = rows[other][column]
                rows[other] = [
                    a - factor * b for a, b in zip(rows[other], rows[column], strict=True)
                ]
    return rows[place[start]][-1] if start in place else Fraction(0)


# Shapley


def shapley(channels: Sequence[str], worth: dict[frozenset[str], Fraction]) -> dict[str, Fraction]:
    """The mean of what each channel adds, over every order in which they may join."""
    result: dict[str, Fraction] = defaultdict(Fraction)
    orders = list(permutations(channels))
    for order in orders:
        for place, channel in enumerate(order):
            before = frozenset(order[:place])
            added = worth.get(before | {channel}, Fraction(0)) - worth.get(before, Fraction(0))
            result[channel] += Fraction(added, len(orders))
    return dict(result)


def inside(
    channels: Sequence[str], ways: Iterable[tuple[Way, int]]
) -> dict[frozenset[str], Fraction]:
    """A coalition's worth as the orders of all ways within it."""
    ways = list(ways)
    return {
        frozenset(some): Fraction(sum(n for way, n in ways if set(way) <= set(some)))
        for size in range(len(channels) + 1)
        for some in combinations(channels, size)
    }


def rates(ways: Iterable[tuple[Way, int, int]]) -> dict[frozenset[str], Fraction]:
    """A coalition's worth as the share of orders among the paths of exactly its channels."""
    orders: Counter[frozenset[str]] = Counter()
    whole: Counter[frozenset[str]] = Counter()
    for way, bought, nothing in ways:
        orders[frozenset(way)] += bought
        whole[frozenset(way)] += bought + nothing
    return {some: Fraction(orders[some], n) for some, n in whole.items() if n}
