"""Steps of a funnel as text: which touches count as one, under which conditions.

    product_viewed                              one touchpoint
    product_viewed,reviews_read                 either of them
    decision                                    a stage: any of its touchpoints
    cart_viewed?                                a middle step that need not happen
    order_completed:revenue=50..                with an amount of 50 or more
    product_viewed:device=mobile,tablet         on one of these devices
    order_completed:channel!=Email              not through this channel
    checkout_started:gap=1m..2h                 one minute to two hours after the step before
    order_completed:again                       the same step once more, in a list without repeats

A name or value that holds one of `, : ? = % !` or `..` writes it as in a web address (`%3A`).
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from math import isfinite
from urllib.parse import unquote

from journey.analysis.funnel.spans import parse_span, span_text
from journey.errors import MetricError, suggest

WORDS = {
    "channel": "channel",
    "device": "touch_device",
    "product": "product_id",
    "category": "category",
    "cart": "cart_id",
    "order": "order_id",
    "currency": "currency",
}
"""What a condition may ask of a touch as a word, and its column in `touches`."""

NUMBERS = {"revenue": "revenue", "quantity": "quantity"}
"""What a condition may ask of a touch as an amount, and its column in `touches`."""

ANSWERS = {"online": "is_online", "identified": "is_identified"}
"""What a condition may ask of a touch as yes or no, and its column in `touches`."""

AGAIN = "again"
"""A word that changes nothing, so that a list without repeats can hold a step twice."""

_KNOWN = (*WORDS, *NUMBERS, *ANSWERS)


@dataclass(frozen=True)
class Condition:
    """What a touch must carry: one of the values, or an amount between two ends, both included."""

    name: str
    values: tuple[str, ...] = ()
    negated: bool = False
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        if self.name not in _KNOWN:
            raise MetricError(
                f"A step cannot ask for {self.name!r}.{suggest(self.name, _KNOWN)} "
                f"It can ask for {', '.join(_KNOWN)}."
            )
        ends = [end for end in (self.low, self.high) if end is not None]
        if self.name in NUMBERS:
            if self.values or not ends or self.negated:
                raise MetricError(
                    f"{self.name} is an amount. Give its ends, as in {self.name}=50.. or "
                    f"{self.name}=10..20."
                )
            if len(ends) == 2 and ends[0] > ends[1]:
                raise MetricError(f"{self.name}={_range(self)} is empty. Give the lower end first.")
        elif ends or not self.values:
            raise MetricError(f"{self.name} is not an amount. Write it as in {self.name}=VALUE.")
        elif self.name in ANSWERS and set(self.values) - {"yes", "no"}:
            raise MetricError(f"{self.name} is yes or no. Write {self.name}=yes or {self.name}=no.")

    @property
    def text(self) -> str:
        """The condition as it is written."""
        if self.name in NUMBERS:
            return f"{self.name}={_range(self)}"
        sign = "!=" if self.negated else "="
        return f"{self.name}{sign}{','.join(map(escape, self.values))}"


@dataclass(frozen=True)
class Gap:
    """The time since the step before: at least, at most."""

    least: timedelta | None = None
    most: timedelta | None = None

    def __post_init__(self) -> None:
        if self.least is not None and self.most is not None and self.least > self.most:
            raise MetricError(f"gap={self.text} is empty. Give the shorter time first.")

    @property
    def text(self) -> str:
        """The gap as it is written."""
        return "..".join("" if end is None else span_text(end) for end in (self.least, self.most))


@dataclass(frozen=True)
class Step:
    """The touches that count as a step."""

    names: tuple[str, ...]
    """Touchpoints or stages; any of them will do."""
    conditions: tuple[Condition, ...] = ()
    optional: bool = False
    gap: Gap | None = None

    def __post_init__(self) -> None:
        if not self.names or not all(self.names):
            raise MetricError("A step has no name. Name a touchpoint or a stage.")

    @property
    def text(self) -> str:
        """The step as it is written; `parse_step` reads it back."""
        parts = [",".join(map(escape, self.names)) + ("?" if self.optional else "")]
        parts += [condition.text for condition in self.conditions]
        parts += [f"gap={self.gap.text}"] if self.gap else []
        return ":".join(parts)


def parse_step(text: str) -> Step:
    """The step that a text describes. Raises MetricError, naming what cannot be read.

    >>> parse_step("product_viewed,reviews_read?:device=mobile").names
    ('product_viewed', 'reviews_read')
    """
    head, *rest = text.split(":")
    optional = head.endswith("?")
    names = tuple(unquote(name) for name in head.removesuffix("?").split(","))
    conditions, gap = [], None
    for part in rest:
        if part.startswith("gap="):
            gap = _parse_gap(part.removeprefix("gap="))
        elif part != AGAIN:
            conditions.append(parse_condition(part))
    return Step(names, tuple(conditions), optional, gap)


def parse_condition(text: str) -> Condition:
    """The condition that a text describes. Raises MetricError."""
    found = re.fullmatch(r"([a-z]+)(!?=)(.+)", text, re.DOTALL)
    if found is None:
        raise MetricError(f"{text!r} is not a condition. Write it as in device=mobile.")
    name, sign, given = found.groups()
    if name in NUMBERS and sign == "=":
        ends = given.split("..") if ".." in given else [given, given]
        if len(ends) == 2:
            return Condition(name, low=_number(name, ends[0]), high=_number(name, ends[1]))
    return Condition(name, tuple(unquote(value) for value in given.split(",")), sign == "!=")


def escape(text: str) -> str:
    """A name or value with the signs that have a meaning here written as in an address."""
    return re.sub(r"[,:?=%!]|\.(?=\.)|(?<=\.)\.", lambda found: f"%{ord(found[0]):02X}", text)


def _parse_gap(text: str) -> Gap:
    """`1h..7d`, `..7d` or `1h..`."""
    ends = text.split("..")
    if len(ends) != 2 or not any(ends):
        raise MetricError(f"gap={text} is not a gap. Write it as in gap=1h..7d, gap=..7d, gap=1h..")
    least, most = (parse_span(end) if end else None for end in ends)
    return Gap(least, most)


def _number(name: str, text: str) -> float | None:
    """A number, or no end."""
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not isfinite(number):
        raise MetricError(f"{name}: {text!r} is not a number. Write it as in {name}=50..")
    return number


def _range(condition: Condition) -> str:
    """Both ends as they are written."""
    ends = (condition.low, condition.high)
    return "..".join("" if end is None else repr(end).removesuffix(".0") for end in ends)
