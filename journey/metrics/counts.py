"""What a metric says it counts: the header key `counts`, read into properties to compare by.

    -- counts:   share of journey to purchase, per journey, within conversion, closed

First the measure and the event that is counted, with the goal it is asked to reach; then, in any
order: `per` the unit each case stands for, `within` the time the goal may take, `closed` where
only cases count whose time has passed by the as-of, `by` the clock that says which period a case
falls into, and `identified` where people known by a cookie alone are left out.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from journey.errors import MetricError, suggest

MEASURES = {
    "share": "a share of cases",
    "count": "a number of cases",
    "money": "an amount of money",
    "median": "a middle number of days",
    "nps": "promoters less detractors",
    "mean": "a mean of scores",
}
"""Kind of number to what it is. Only numbers of one kind can be walked from one to the other."""


@dataclass(frozen=True)
class Event:
    """Something that happened and can be counted."""

    unit: str
    """What one of them is, in a word."""
    phrase: str
    """What is counted, in the plural."""
    goals: dict[str, str]
    """Goal to what the cases do that reach it."""


_STAGES = {
    "awareness": "are in any stage",
    "consideration": "reach consideration or further",
    "decision": "reach decision or further",
    "purchase": "reach an order",
    "post_purchase": "reach post-purchase",
}

_AFTER_ORDER = {
    "next_order": "are followed by the person's next order",
    "another_order": "are followed by another order that counts",
    "earlier_order": "are of people who first bought in an earlier month",
    "repeated": "are not the person's first",
    "refund": "are refunded",
    "support": "need support",
}

EVENTS = {
    "journey": Event("journey", "journeys", {**_STAGES, "looking": "touch consideration"}),
    "contact": Event("journey", "first contacts, support calls out of the blue among them", {}),
    "order": Event("order", "orders", _AFTER_ORDER),
    "timely_order": Event(
        "order", "orders within the conversion window of a mature journey", _AFTER_ORDER
    ),
    "delivery": Event(
        "order",
        "deliveries",
        {"arrived": "arrive", "slow": "took more than five days"},
    ),
    "cart": Event("cart", "carts", {"bought": "are bought"}),
    "left_cart": Event("cart", "carts not bought in the cart window", {"bought": "are bought"}),
    "checkout": Event("checkout", "checkouts started", {"bought": "end in an order"}),
    "session": Event("session", "sessions", {}),
    "movement": Event("payment", "payments and refunds, each in its own journey", {}),
    "payment": Event("payment", "payments and refunds, in the journey of their order", {}),
    "answer": Event("answer", "answers with a score, to any survey", {}),
    "csat": Event("answer", "CSAT answers", {"satisfied": "are satisfied"}),
    "nps": Event("answer", "NPS answers of the kind that makes the headline", {}),
    "nps_relational": Event("answer", "NPS answers about the business as a whole", {}),
    "nps_transactional": Event("answer", "NPS answers about a touchpoint", {}),
    "ces": Event("answer", "CES answers from 1 to 7", {}),
}
"""The events that can be counted, by name."""

UNITS = {
    "journey": "the first in each journey",
    "person": "each person's first of all",
    "person_in_period": "each person once in the period",
    "person_month": "each person once a month",
}
"""Units that several events can fall into, to which of them counts; any other unit is the event
itself."""

WINDOWS = {
    "known": "by the as-of",
    "period": "by the end of the period",
    "conversion": "within the conversion window",
    "repeat": "within the repeat window",
    "cart": "within the cart window",
}
"""How long the goal may take, in words; `7 days` and the like are windows as well."""

CLOCKS = {"event": "the day it happened", "start": "the day its journey began"}
"""Which day says what period a case falls into."""

STAGE_GOAL = "stage"
"""The goal of a stage funnel: each row's own stage."""


@dataclass(frozen=True)
class Counts:
    """What a number counts. Two numbers with equal properties are the same number."""

    measure: str
    event: str
    goal: str | None
    """None counts all cases."""
    reached: bool
    """Whether cases count that reach the goal, or those that do not."""
    unit: str
    window: str
    closed: str | None
    """The window that must have passed by the as-of; None where young cases count too."""
    clock: str
    identified: bool

    def __str__(self) -> str:
        """As a header writes it, every property said.

        >>> str(parse("share of cart to not bought, within cart, closed"))
        'share of cart to not bought, per cart, within cart, closed, by event'
        """
        goal = f" to {'' if self.reached else 'not '}{self.goal}" if self.goal else ""
        return ", ".join(
            [
                f"{self.measure} of {self.event}{goal}",
                f"per {self.unit}",
                f"within {self.window}",
                *(["closed"] if self.closed else []),
                f"by {self.clock}",
                *(["identified"] if self.identified else []),
            ]
        )


def parse(text: str) -> Counts:
    """A header's `counts`. Raises MetricError with the cause and the remedy."""
    first, *clauses = [part.strip() for part in text.split(",")]
    match = re.fullmatch(r"(\w+) of (\w+)(?: to (not )?(\w+))?", first)
    if match is None:
        raise MetricError(
            f"counts begins with {first!r}. Begin with what is counted, as in "
            "'share of journey to purchase' or 'count of order'."
        )
    measure, event, negated, goal = match.groups()
    _known("measure", measure, MEASURES)
    _known("event", event, EVENTS)
    if goal is not None:
        goals = [*EVENTS[event].goals, *([STAGE_GOAL] if event == "journey" else [])]
        _known(f"goal of {event}", goal, goals)
    elif measure in ("share", "median"):
        raise MetricError(
            f"counts says a {measure} of {event}, but not of what. Name the goal: "
            f"'{measure} of {event} to ...' with {_or(EVENTS[event].goals)}."
        )
    said = _clauses(clauses)
    own = EVENTS[event].unit
    unit = said.get("per", own)
    _known("unit", unit, [own, *(name for name in UNITS if name != own)])
    window, clock = said.get("within", "known"), said.get("by", "event")
    if not re.fullmatch(r"[1-9]\d{0,3} days?", window):
        _known("window", window, WINDOWS)
    _known("clock", clock, CLOCKS)
    is_closed = "closed" in said
    if is_closed and window in ("known", "period"):
        raise MetricError(
            f"counts says closed, but a window 'within {window}' has no length to wait for. "
            "Name one that has, as in 'within conversion, closed'."
        )
    return Counts(
        measure=measure,
        event=event,
        goal=goal,
        reached=not negated,
        unit=unit,
        window=window,
        closed=window if is_closed else None,
        clock=clock,
        identified="identified" in said,
    )


def _clauses(clauses: list[str]) -> dict[str, str]:
    """What follows the first clause, by its first word, each once."""
    said: dict[str, str] = {}
    for clause in clauses:
        word, _, value = clause.partition(" ")
        _known("clause", word, ("per", "within", "by", "closed", "identified"))
        if word in said or bool(value) == (word in ("closed", "identified")):
            raise MetricError(
                f"counts says {clause!r}, which is there twice or not whole. Write each once, as "
                "in 'per journey, within conversion, closed, by start, identified'."
            )
        said[word] = value
    return said


def _known(what: str, word: str, known: Iterable[str]) -> None:
    """Raise MetricError where the word is none of those known."""
    words = list(known)
    if word not in words:
        raise MetricError(
            f"counts names the {what} {word!r}, which is none.{suggest(word, words)} "
            f"Choose {_or(words)}."
        )


def _or(words: Iterable[str]) -> str:
    """The words as a choice."""
    return " or ".join(words)
