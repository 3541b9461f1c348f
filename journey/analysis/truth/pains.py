"""The planted pains against the ledger: their rank and size, and the rows that are not theirs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from journey.analysis.pains.finding import find
from journey.analysis.pains.pain import Estimate, Pain
from journey.analysis.truth import wording
from journey.analysis.truth.scored import Alarm, Ends, Part, Scored
from journey.analysis.truth.truthfile import Asked

_AFTER = 14
"""Days after a planted span in which what it did may still be felt: answers, calls, carts."""

_OPINIONS = ("low_score", "negative_theme")
"""Kinds of rows that say what customers think. They have no price, and which touchpoints please
less than others is the demo's own design (the moods of its story), so none is an alarm."""


@dataclass(frozen=True)
class Planted:
    """A planted pain: what it took, and which rows of a ledger are about it."""

    effect: str
    where: str
    lost: dict[str, float]
    explains: Callable[[Pain], bool]
    leads: Callable[[Pain], bool]
    """Whether a row that it explains sizes the whole of it."""


def pains(asked: Asked) -> tuple[list[Scored], list[Alarm]]:
    """The planted pains in orders and in money, and every other row of the ledger. Raises
    MetricError where a question takes too long."""
    found = find(asked.engine, asked.config, asked.frame())
    return against(planted(asked.effects), found)


def planted(effects: dict[str, dict[str, Any]]) -> tuple[Planted, ...]:
    """The pains of a truth, in its order."""
    incident, slow = effects["incident"], effects["slow_delivery"]
    since = date.fromisoformat(incident["since"])
    until = since + timedelta(days=incident["days"])
    device = incident["device"]

    def broken(pain: Pain) -> bool:
        who = pain.who.get("device", device) == device
        return who and pain.stage == "decision" and _meets(pain, since, until)

    def late(pain: Pain) -> bool:
        return pain.touchpoint == "order_delivered"

    return (
        Planted(
            "incident",
            f"{device}, {wording.span(since, until)}",
            incident["lost"],
            broken,
            lambda pain: pain.touchpoint == "checkout_started",
        ),
        Planted("slow_delivery", "", slow["lost"], late, lambda pain: pain.kind == "slow_delivery"),
    )


def against(truths: Sequence[Planted], found: Sequence[Pain]) -> tuple[list[Scored], list[Alarm]]:
    """Planted pains against a ledger, the dearest of its rows first."""
    ranked = list(enumerate(found, 1))
    leading: dict[str, tuple[int, Pain]] = {}
    for truth in truths:
        own = [(rank, pain) for rank, pain in ranked if truth.explains(pain) and truth.leads(pain)]
        if own:
            leading[truth.effect] = own[0]
    taken = {rank for rank, _ in leading.values()}
    alarms = [
        Alarm(
            rank,
            pain.key,
            pain.title,
            pain.sentence,
            _ends(pain.money),
            next((truth.effect for truth in truths if truth.explains(pain)), None),
        )
        for rank, pain in ranked
        if rank not in taken and pain.kind not in _OPINIONS
    ]
    return [line for truth in truths for line in _sized(truth, leading.get(truth.effect))], alarms


def _sized(truth: Planted, row: tuple[int, Pain] | None) -> list[Scored]:
    """A planted pain in orders and in money."""
    lines = []
    rank, pain = row or (None, None)
    for what, unit, name in (("orders lost", "orders", "orders"), ("money lost", "money", "value")):
        part = Part(
            truth.effect,
            what,
            truth.where,
            unit,
            truth.lost[f"{name}_expected"],
            truth.lost[name],
            "ledger",
        )
        size = None
        if pain is not None:
            size = _ends(pain.lost if unit == "orders" else pain.money)
        lines.append(part.judged(size, rank=rank, note=pain.key if pain else ""))
    return lines


def _meets(pain: Pain, since: date, until: date) -> bool:
    """Whether a pain is of a span of days; one that was always there is not."""
    if pain.since is None:
        return False
    return pain.since < until + timedelta(days=_AFTER) and (pain.until or date.max) > since


def _ends(size: Estimate | None) -> Ends | None:
    """A size as an estimate with its ends; None where a row has none."""
    return (size.value, size.low, size.high) if size else None
