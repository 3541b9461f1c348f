"""What the page Channels shows, worked out by hand: plain loops from the notes of each metric."""

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache
from itertools import pairwise
from math import floor, sqrt
from statistics import median

from journey.analysis.attribution.settings import Settings
from tests.analysis.attribution import by_hand
from tests.analysis.attribution.by_hand import Visit
from tests.oracle import DEPTH, STAGE, TEMPLATE, USUAL_SCALE, Journey, Oracle, Question, Row, Touch

OFFLINE = {"in_store", "call_center", "print", "event", "field_sales", "direct_mail"}
LOOKBACK = timedelta(days=90)


@lru_cache(maxsize=1)
def visits(oracle: Oracle) -> dict[str, list[Visit]]:
    """Each person's visits, found once."""
    return by_hand.visits(oracle)


def converted(journey: Journey) -> bool:
    """Whether it ordered within its window."""
    return journey.depth(journey.matures_at) >= DEPTH["purchase"]


# ---- switches -------------------------------------------------------------------------------


def moves(oracle: Oracle, journey: Journey) -> list[tuple[str, str, Visit]]:
    """From, to and the visit that switched, in order."""
    known = [
        visit
        for visit in visits(oracle)[journey.person]
        if oracle.journey_of[visit.first.event_id] is journey and visit.channel != "Unassigned"
    ]
    return [
        (before.channel, visit.channel, visit)
        for before, visit in pairwise(known)
        if before.channel != visit.channel
    ]


def channel_switches(oracle: Oracle, question: Question) -> dict[tuple[str, str], list[int]]:
    """Switches, converted and journeys of each cell."""
    cells: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for journey in oracle._mature(question):
        times = Counter((a, b) for a, b, _ in moves(oracle, journey))
        inside = []
        for a, b, visit in moves(oracle, journey):
            if (a, b) not in [pair for pair, _ in inside]:
                inside.append(((a, b), visit.first.at <= journey.matures_at))
        for pair, is_inside in inside:
            if is_inside:
                cell = cells[pair]
                cell[0] += times[pair]
                cell[1] += converted(journey)
                cell[2] += 1
        entry = journey.segment("channel")
        stays = not any(is_inside for _, is_inside in inside)
        cells[entry, entry][1] += stays and converted(journey)
        cells[entry, entry][2] += stays
    return cells


def online_offline(oracle: Oracle, question: Question) -> dict[tuple[str, str], list[int]]:
    """Converted and journeys of each cell."""
    cells: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for journey in oracle._mature(question):
        crossed = {
            (_side(a), _side(b))
            for a, b, visit in moves(oracle, journey)
            if _side(a) != _side(b) and visit.first.at <= journey.matures_at
        }
        own = _side(journey.segment("channel"))
        for cell in crossed or {(own, own)}:
            cells[cell][0] += converted(journey)
            cells[cell][1] += 1
    return cells


def _side(channel: str) -> str:
    return "Offline" if channel in OFFLINE else "Online"


# ---- scopes ---------------------------------------------------------------------------------


def order_channels(oracle: Oracle) -> dict[str, tuple[str, str, str]]:
    """Order's event to its first, session and last non-direct channel."""
    found = {}
    for person, theirs in visits(oracle).items():
        sessions: list[Visit] = []
        for visit in theirs:
            if visit.session not in [other.session for other in sessions]:
                sessions.append(visit)
        for order in (touch for touch in oracle.people[person] if touch.is_order):
            session = oracle.session_of[order.event_id]
            (own,) = [visit for visit in sessions if visit.session == session]
            last = own.channel
            for visit in sessions:
                if (
                    own.channel == "Direct"
                    and visit.first.place < own.first.place
                    and visit.channel not in ("Direct", "Unassigned")
                    and visit.first.at >= own.first.at - LOOKBACK
                ):
                    last = visit.channel
            found[order.event_id] = (sessions[0].channel, own.channel, last)
    return found


def channel_scopes(oracle: Oracle, question: Question) -> dict[str, list[int]]:
    """Channel to its orders in the three scopes."""
    scopes = order_channels(oracle)
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for order in oracle.orders:
        if (
            question.chosen(oracle.journey_of[order.event_id])
            and oracle._within(question, order.at)
            and order.at <= question.as_of
        ):
            for scope, channel in enumerate(scopes[order.event_id]):
                found[channel][scope] += 1
    return found


def channel_assists(oracle: Oracle, question: Question) -> dict[str, tuple[int, ...]]:
    """Channel to the orders it closed, and those with it in their path that another closed."""
    closed: Counter[str] = Counter()
    helped: Counter[str] = Counter()
    for _, is_order, _, _, channels, _ in by_hand.paths(oracle, question, Settings()):
        if is_order:
            assert isinstance(channels, tuple)
            closed[channels[-1]] += 1
            helped.update({*channels[:-1]} - {channels[-1]})
    return {
        channel: (
            closed[channel],
            helped[channel],
            helped[channel],
            closed[channel] + helped[channel],
        )
        for channel in closed | helped
    }


# ---- quality and stages ---------------------------------------------------------------------


def value(oracle: Oracle, journey: Journey, question: Question) -> float:
    """What the journey brought, as known then."""
    return float(
        sum(
            amount
            for other, touch, amount in oracle.payments
            if other is journey and touch.at <= question.as_of
        )
    )


def answers(oracle: Oracle, journey: Journey, question: Question) -> list[tuple[str, bool]]:
    """The stage each CSAT answer of a journey is about, and whether it is satisfied."""
    found = []
    for touch in journey.touches:
        if touch.survey == "csat" and touch.score is not None and touch.at <= question.as_of:
            _, high = touch.scale or USUAL_SCALE["csat"]
            found.append((STAGE.get(_about(oracle, touch), "unmapped"), touch.score >= high - 1))
    return found


def _about(oracle: Oracle, answer: Touch) -> str:
    """An answering of a survey is about the touch before it."""
    about = answer.touchpoint
    if about == "survey_answered":
        for touch in oracle.people[answer.person]:
            if touch.place >= answer.place:
                break
            if touch.touchpoint != "survey_answered":
                about = touch.touchpoint
    return about


def channel_stages(oracle: Oracle, question: Question) -> dict[tuple[str, str], Row]:
    """Every number of each cell."""
    groups: dict[str, list[Journey]] = defaultdict(list)
    for journey in oracle._mature(question):
        groups[journey.segment("channel")].append(journey)
    cells = {}
    for channel, journeys in groups.items():
        said = [answer for journey in journeys for answer in answers(oracle, journey, question)]
        for stage in TEMPLATE:
            there = [j for j in journeys if j.depth(j.matures_at) >= DEPTH[stage]]
            worth = [value(oracle, journey, question) for journey in there]
            cells[channel, stage] = (
                len(there),
                sum(good for about, good in said if about == stage),
                sum(about == stage for about, _ in said),
                sum(worth),
                sum(amount * amount for amount in worth),
                len(there),
                len(there),
                len(journeys),
            )
    return cells


def channel_quality(oracle: Oracle, question: Question) -> dict[str, Row]:
    """Every number of each line."""
    groups: dict[str, list[Journey]] = defaultdict(list)
    for journey in oracle._started(question):
        groups[journey.segment("channel")].append(journey)
    first_orders = [
        next(touch for touch in touches if touch.is_order)
        for touches in oracle.people.values()
        if any(touch.is_order for touch in touches)
    ]
    lines = {}
    for channel, journeys in groups.items():
        mature = [journey for journey in journeys if journey.matures_at <= question.as_of]
        days = sorted(
            (journey.order.at - journey.started_at) / timedelta(days=1)
            for journey in mature
            if converted(journey) and journey.order
        )
        worth = [value(oracle, journey, question) for journey in mature]
        said = [answer for journey in journeys for answer in answers(oracle, journey, question)]
        again = [
            oracle.loyal_at(journey) is not None
            for journey in journeys
            if journey.order in first_orders
            and journey.order is not None
            and journey.order.at + timedelta(days=90) <= question.as_of
        ]
        lines[channel] = (
            len(journeys),
            sum(map(converted, mature)),
            len(mature),
            *_middle(days),
            len(days),
            sum(worth),
            sum(amount * amount for amount in worth),
            len(mature),
            sum(good for _, good in said),
            len(said),
            sum(again),
            len(again),
        )
    return lines


def _middle(ordered: list[float]) -> tuple[float | None, float | None, float | None]:
    """The median and the cases at the ends of its interval."""
    if not ordered:
        return None, None, None
    count = len(ordered)
    low = max(1, floor(count / 2 - 0.98 * sqrt(count) + 0.5))
    high = min(count, floor(1 + count / 2 + 0.98 * sqrt(count) + 0.5))
    return ordered[low - 1], median(ordered), ordered[high - 1]


def sessions_by_channel(oracle: Oracle, question: Question) -> Counter[tuple[object, str]]:
    """Sessions by week and channel."""
    found: Counter[tuple[object, str]] = Counter()
    for theirs in visits(oracle).values():
        seen: set[str] = set()
        for visit in theirs:
            journey = oracle.journey_of[visit.first.event_id]
            if visit.session in seen:
                continue
            seen.add(visit.session)
            at = visit.first.at
            if question.chosen(journey) and oracle._within(question, at) and at <= question.as_of:
                found[oracle.week(at), visit.channel] += 1
    return found


BY_PAIR: dict[str, Callable[[Oracle, Question], dict[tuple[str, str], list[int]]]] = {
    "channel_switches": channel_switches,
    "online_offline": online_offline,
}
