"""The planted pains against the ledger: their rank and size, and the rows that are not theirs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from journey.analysis.pains.finding import find
from journey.analysis.pains.pain import Estimate, Pain
from journey.analysis.truth import wording
from journey.analysis.truth.scored import Ends, Other, Part, Scored
from journey.analysis.truth.truthfile import Asked

AFTER_INCIDENT = 14
"""Days after an incident in which answers, calls and carts may still be of it."""

AFTER_SLOW = 75
"""Days after a time of slow deliveries in which answers may still be of it: the business as a whole
is asked about up to eight weeks after a delivery."""

Rows = Callable[[Pain], bool]
"""Which rows of a ledger are meant."""


@dataclass(frozen=True)
class Planted:
    """A planted effect that shows in a ledger, and which of its rows come of it."""

    effect: str
    explains: Rows
    where: str = ""
    lost: Mapping[str, float] | None = None
    """What it took, of a pain that has a price."""
    leads: Rows = lambda pain: False
    """Whether a row that it explains sizes the whole of it."""


def pains(asked: Asked) -> tuple[list[Scored], list[Other]]:
    """The planted pains in orders and in money, and every other row of the ledger. Raises
    MetricError where a question takes too long."""
    found = find(asked.engine, asked.config, asked.frame())
    return against(planted(asked.effects), found)


def planted(effects: Mapping[str, Mapping[str, Any]]) -> tuple[Planted, ...]:
    """What a truth says that shows in a ledger, those with a price first."""
    return _incident(effects["incident"]), _slow(effects["slow_delivery"]), _moods(effects["moods"])


def _incident(effect: Mapping[str, Any]) -> Planted:
    """A checkout that broke on a device: orders, and what people did and said in its days."""
    since, until = _days(effect)
    device = effect["device"]

    def explains(pain: Pain) -> bool:
        there = (
            pain.stage == "decision"
            or pain.touchpoint == "support_contacted"
            or _theme(pain) == "checkout"
        )
        on_it = pain.who.get("device", device) == device
        return there and on_it and _meets(pain, since, until, AFTER_INCIDENT)

    return Planted(
        "incident",
        explains,
        f"{device}, {wording.span(since, until)}",
        effect["lost"],
        lambda pain: pain.kind == "incident" and pain.touchpoint == "checkout_started",
    )


def _slow(effect: Mapping[str, Any]) -> Planted:
    """Slow deliveries: repeats that did not come, and what people say of deliveries; of all else
    in the days when most were slow, and in the countries where more are."""
    since, until = _days(effect["slow_period"])
    remembered = ("support_contacted", "relationship")
    slower = _below(effect["countries"], "orders", "slow")

    def explains(pain: Pain) -> bool:
        if pain.touchpoint == "order_delivered" or _theme(pain) == "delivery":
            return True
        then = _meets(pain, since, until, AFTER_SLOW)
        there = pain.since is None and pain.who.get("country") in slower
        return pain.touchpoint in remembered and (then or there)

    return Planted(
        "slow_delivery",
        explains,
        lost=effect["lost"],
        leads=lambda pain: pain.kind == "slow_delivery",
    )


def _moods(effect: Mapping[str, Any]) -> Planted:
    """Touchpoints and themes that please less than others, always and everyone."""
    touchpoints = _below(effect["unhappy_expected"], "answers", "unhappy")
    themes = _below(effect["themes"], "comments", "complaints")

    def explains(pain: Pain) -> bool:
        if pain.who or pain.since is not None:
            return False
        asked = pain.key.split("/")[1].removeprefix("low_")
        return f"{asked} about {pain.touchpoint}" in touchpoints or _theme(pain) in themes

    return Planted("moods", explains)


def against(truths: Sequence[Planted], found: Sequence[Pain]) -> tuple[list[Scored], list[Other]]:
    """Planted effects against a ledger, the dearest of its rows first."""
    ranked = list(enumerate(found, 1))
    leading: dict[str, tuple[int, Pain]] = {}
    for truth in truths:
        own = [(rank, pain) for rank, pain in ranked if truth.explains(pain) and truth.leads(pain)]
        if own:
            leading[truth.effect] = own[0]
    taken = {rank for rank, _ in leading.values()}
    others = [
        Other(
            rank,
            pain.key,
            pain.title,
            pain.sentence,
            _ends(pain.money),
            next((truth.effect for truth in truths if truth.explains(pain)), None),
        )
        for rank, pain in ranked
        if rank not in taken
    ]
    sized = [_sized(truth, leading.get(truth.effect)) for truth in truths if truth.lost]
    return [part for parts in sized for part in parts], others


def _sized(truth: Planted, row: tuple[int, Pain] | None) -> list[Scored]:
    """A planted pain in orders and in money."""
    parts = []
    rank, pain = row or (None, None)
    for what, unit, name in (("orders lost", "orders", "orders"), ("money lost", "money", "value")):
        lost = truth.lost or {}
        part = Part(
            truth.effect, what, truth.where, unit, lost[f"{name}_expected"], lost[name], "ledger"
        )
        size = None
        if pain is not None:
            size = _ends(pain.lost if unit == "orders" else pain.money)
        parts.append(part.judged(size, rank=rank, note=pain.key if pain else ""))
    return parts


def _below(shares: Mapping[str, Mapping[str, float]], whole: str, part: str) -> set[str]:
    """The names with a larger share of unhappy ones than all others of their kind together; the
    kind is the word before ` about `."""
    found = set()
    for name, own in shares.items():
        kind = name.partition(" about ")[0] if " about " in name else None
        rest = [
            one
            for other, one in shares.items()
            if other != name and (kind is None or other.startswith(f"{kind} about "))
        ]
        others = sum(one[whole] for one in rest)
        if own[whole] and others:
            usual = sum(one[part] for one in rest) / others
            found |= {name} if own[part] / own[whole] > usual else set()
    return found


def _theme(pain: Pain) -> str | None:
    """The theme that a row complains of."""
    return pain.key.split("/")[0] if pain.kind == "negative_theme" else None


def _days(effect: Mapping[str, Any]) -> tuple[date, date]:
    """The first day of an effect and the day after its last."""
    since = date.fromisoformat(effect["since"])
    return since, since + timedelta(days=effect["days"])


def _meets(pain: Pain, since: date, until: date, after: int) -> bool:
    """Whether a pain is of a span of days, or of so many after it; one that was always there is
    not."""
    if pain.since is None:
        return False
    return pain.since < until + timedelta(days=after) and (pain.until or date.max) > since


def _ends(size: Estimate | None) -> Ends | None:
    """A size as an estimate with its ends; None where a row has none."""
    return (size.value, size.low, size.high) if size else None
