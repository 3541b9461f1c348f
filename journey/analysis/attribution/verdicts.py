"""The verdict on each channel: does it gain or lose against the baseline whatever the model?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from journey.analysis.attribution.finding import Found, Measured
from journey.analysis.attribution.models import MODELS

Kind = Literal["gain", "loss", "depends", "unclear", "few"]

SHORT: dict[Kind, str] = {
    "gain": "robust gain",
    "loss": "robust loss",
    "depends": "depends on the model",
    "unclear": "no clear difference",
    "few": "too few",
}
"""The verdict in a few words."""


@dataclass(frozen=True)
class Verdict:
    """What the models together say of a channel, against the baseline."""

    channel: str
    kind: Kind
    lowest: float
    highest: float
    """The ends of the range over the compared models."""
    lowest_by: str
    highest_by: str
    """The models at the ends."""
    words: str


def verdicts(found: Found, measure: str = "orders", minimum_n: int = 30) -> list[Verdict]:
    """A verdict on each channel, in the order of the channels.

    The baseline is `settings.baseline`; the others are the compared models. A model differs from
    it for a channel where the 95 % interval of the difference, both taken from the same draws of
    people, leaves out 0. *Robust gain*: every other model gives more, and each more than chance
    would explain. *Robust loss*: the same with less. *Depends on the model*: some clearly more
    and some clearly less, or some clearly different and others not. *No clear difference*: none
    differs more than chance would explain. *Too few*: the channel is in fewer than `minimum_n`
    paths to an order. A model that gives every channel what the baseline gives is no witness and
    left out. Without draws the sign of each difference is all there is to go by.
    """
    measured: Measured = getattr(found, measure)
    base = found.settings.baseline
    others = [name for name in found.compared if not _same(measured, base, name)]
    by_model = [_signs(measured, base, name) for name in others]
    ranged = np.array([measured.point[name] for name in found.compared])
    result = []
    for place, channel in enumerate(found.channels):
        ends, signs = ranged[:, place], [of_channels[place] for of_channels in by_model]
        low, high = int(ends.argmin()), int(ends.argmax())
        kind = _kind(signs) if found.touched[place] >= minimum_n else "few"
        result.append(
            Verdict(
                channel=channel,
                kind=kind,
                lowest=float(ends[low]),
                highest=float(ends[high]),
                lowest_by=found.compared[low],
                highest_by=found.compared[high],
                words=_words(kind, signs, others, base, minimum_n),
            )
        )
    return result


def _same(measured: Measured, base: str, name: str) -> bool:
    """Whether a model gives every channel the baseline's credit."""
    credit = measured.point[base]
    slack = 1e-9 * max(1.0, float(np.abs(credit).max(initial=0)))
    return bool(np.allclose(measured.point[name], credit, rtol=0, atol=slack))


def _signs(measured: Measured, base: str, name: str) -> list[int]:
    """Of each channel: 1 where the model gives clearly more than the baseline, -1 where clearly
    less, else 0."""
    if base in measured.drawn:
        low, high = np.percentile(measured.drawn[name] - measured.drawn[base], [2.5, 97.5], axis=1)
    else:
        low = high = measured.point[name] - measured.point[base]
    # Sums in another order differ in their last digits.
    slack = 1e-9 * max(1.0, float(np.abs(measured.point[base]).max(initial=0)))
    return [int(a > slack) - int(b < -slack) for a, b in zip(low, high, strict=True)]


def _kind(signs: Sequence[int]) -> Kind:
    """The verdict from what each model says."""
    if signs and min(signs) > 0:
        return "gain"
    if signs and max(signs) < 0:
        return "loss"
    return "depends" if any(signs) else "unclear"


def _words(
    kind: Kind,
    signs: Sequence[int],
    others: list[str],
    base: str,
    minimum_n: int,
) -> str:
    """The verdict as a sentence."""
    against = MODELS[base].title.lower()
    if kind == "few":
        return f"Too few: in fewer than {minimum_n} paths to an order."
    if kind == "unclear":
        return f"No clear difference: no model differs from {against} by more than chance."
    if kind in ("gain", "loss"):
        more = "more" if kind == "gain" else "less"
        return (
            f"{SHORT[kind].capitalize()}: each of the {len(others)} other models gives it {more} "
            f"than {against}, more than chance would explain."
        )
    up = [MODELS[name].title for name, sign in zip(others, signs, strict=True) if sign > 0]
    down = [MODELS[name].title for name, sign in zip(others, signs, strict=True) if sign < 0]
    parts = [
        f"{len(names)} of {len(others)} give it clearly {what} than {against} ({_some(names)})"
        for names, what in ((up, "more"), (down, "less"))
        if names
    ]
    return f"Depends on the model: {', '.join(parts)}."


def _some(names: list[str]) -> str:
    """The first two names, and how many more there are."""
    more = len(names) - 2
    return ", ".join(names[:2]) + (f" and {more} more" if more > 0 else "")
