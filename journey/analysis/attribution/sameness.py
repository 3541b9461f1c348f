"""Models that are the same thing: by construction, or for the paths of this period."""

from itertools import pairwise

import numpy as np

from journey.analysis.attribution.finding import Found
from journey.analysis.attribution.models import MODELS

_SHAPES = {"u_shaped": (0.4, 0.2, 0.4), "j_shaped": (0.2, 0.2, 0.6), "inverse_j": (0.6, 0.2, 0.2)}


def sameness(found: Found) -> list[str]:
    """What a reader must know before taking two equal models for two witnesses: sentences, those
    that always hold first."""
    if not found.total_orders:
        return []
    said = list(_by_construction(found))
    known = _known_pairs(found)
    for names in _equal(found):
        if not all(frozenset(pair) in known for pair in pairwise(names)):
            said.append(f"{_listed(names)} give the same credits for the paths of this period.")
    return said


def _by_construction(found: Found) -> list[str]:
    """What follows from how the models are made, and from the settings."""
    settings, single, whole = found.settings, found.single, found.total_orders
    said = [
        "Shapley, with a coalition worth the orders of the paths within it, is by construction "
        "linear over the different channels of a path: no second witness beside Linear."
    ]
    if found.longest <= 1:
        return [*said, "Every path is a single visit, so all rules agree by construction."]
    if single:
        said.append(
            f"{single:,} of {whole:,} orders have a single visit in their path: all rules agree "
            "on these by construction, and models can differ on the others only."
        )
    if settings.baseline == "last_non_direct" and "Direct" in found.channels:
        said.append(
            "Last non-direct gives Direct only the orders nobody else can have. Held against it, "
            "Direct gains and the others together lose by construction."
        )
    if not found.repeats:
        said.append("No path to an order holds a channel twice, so Linear is Shapley here.")
    if found.longest <= 2:
        said.append("No path to an order is longer than two visits, so U-shaped is Linear here.")
    if settings.transform in ("without_direct", "without_last_direct"):
        said.append(
            "With Direct left out at the end, Last touch is Last non-direct by construction."
        )
    if settings.transform == "exposure":
        said.append(
            "Counting visits in a row once changes neither First touch, Last touch, Shapley nor "
            "Markov of order 1, by construction."
        )
    if "markov" in found.models and settings.order == 1 and settings.transform == "none":
        said.append(
            "Markov of order 1 is the same with and without a channel's repeats in a row: going "
            "from a channel to itself only delays what follows."
        )
    for name in _named_by_weights(found):
        said.append(f"Own weights are those of {MODELS[name].title}.")
    return said


def _named_by_weights(found: Found) -> list[str]:
    """The shapes that the reader's own weights come to."""
    if "custom" not in found.compared:
        return []
    own = np.array(found.settings.weights) / sum(found.settings.weights)
    return [name for name, shape in _SHAPES.items() if np.allclose(own, shape)]


def _known_pairs(found: Found) -> set[frozenset[str]]:
    """Pairs that a sentence above already tells of."""
    pairs = {("custom", name) for name in _named_by_weights(found)}
    if not found.repeats:
        pairs |= {("linear", "shapley")}
    if found.longest <= 2:
        pairs |= {("linear", "u_shaped")}
    if found.settings.transform in ("without_direct", "without_last_direct"):
        pairs |= {("last", "last_non_direct")}
    if found.longest <= 1:
        names = [name for name in found.models if name not in ("markov", "shapley_rate")]
        pairs |= {(one, other) for one in names for other in names}
    return {frozenset(pair) for pair in pairs}


def _equal(found: Found) -> list[list[str]]:
    """Groups of two or more models whose credits are equal, channel by channel."""
    groups: list[list[str]] = []
    slack = 1e-9 * max(1, found.total_orders)
    for name in found.models:
        if name == "custom" and name not in found.compared:
            continue
        credit = found.orders.point[name]
        for group in groups:
            if np.allclose(credit, found.orders.point[group[0]], rtol=0, atol=slack):
                group.append(name)
                break
        else:
            groups.append([name])
    return [group for group in groups if len(group) > 1]


def _listed(names: list[str]) -> str:
    """The models' titles in a row."""
    titles = [MODELS[name].title for name in names]
    return f"{', '.join(titles[:-1])} and {titles[-1]}"
