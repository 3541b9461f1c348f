"""The rule in force, in words: what stands under every chart and in every answer."""

from journey.analysis.attribution.finding import Found
from journey.analysis.attribution.models import MODELS
from journey.analysis.attribution.settings import TRANSFORMS, Settings
from journey.analysis.attribution.spend import Spend
from journey.metrics.filters import Filters


def model_rule(settings: Settings, model: str | None = None) -> str:
    """How a model gives credit."""
    name = model or settings.model
    weights = " / ".join(f"{weight:g}" for weight in settings.weights)
    rule = MODELS[name].rule.format(half_life=f"{settings.half_life_days:g} days", weights=weights)
    title = MODELS[name].title
    if name == "markov":
        nulls = "with" if settings.with_nulls else "without"
        title += f" of order {settings.order}, {nulls} paths to no order"
    return f"{title}: each order goes {rule}."


def path_rule(settings: Settings) -> str:
    """What a path is made of."""
    again = (
        "a visit before an earlier order does not count for a later one"
        if settings.reset_after_conversion
        else "orders are independent, so one visit may count for several"
    )
    transform = TRANSFORMS[settings.transform]
    return (
        f"A path is an order and {settings.lookback.words}, {transform}; {again}. A visit is a "
        "session under its channel, or an arrival through another channel within it; one without "
        "a channel is left out."
    )


def null_rule(found: Found) -> str:
    """Which paths led to no order, where the model reads them; empty where it does not."""
    settings = found.settings
    reads = settings.model == "shapley_rate" or (settings.model == "markov" and settings.with_nulls)
    if not reads:
        return ""
    ended = "journey that ended" if found.nulls == 1 else "journeys that ended"
    said = f"{found.nulls:,} {ended} in the period without an order count as paths to none"
    if settings.mature_only:
        return f"{said}, of those whose conversion window has closed."
    return f"{said}; the conversion window of {found.immature:,} is still open."


def loop_rule(settings: Settings) -> str:
    """Whether the chain keeps repeats; empty for other models."""
    if settings.model != "markov":
        return ""
    kept = "kept as steps" if settings.self_loops else "one step"
    return f"Repeats of a channel in a row are {kept}."


def interval_rule(found: Found) -> str:
    """How intervals were made; empty without them."""
    if not found.draws:
        return ""
    return f"Intervals of 95 % from {found.draws} bootstrap draws of the {found.people:,} people."


def spend_rule(spend: Spend | None, filters: Filters) -> str:
    """What the costs are of, and what they leave out; empty without a spend file."""
    if spend is None:
        return ""
    if filters.where:
        return (
            "What channels cost is known for everybody only, so cost per order and return on "
            "spend are not shown for a part of the journeys. Take the filters away to see them."
        )
    said = [f"Costs in {spend.currency or 'one currency'} of the period's days, from spend.csv."]
    if (reach := spend.gaps(filters)) is not None:
        said.append(
            f"The file reaches from {reach[0]} to {reach[1]} only, so the cost per order is too "
            "low."
            if reach[0] <= reach[1]
            else "The file has no day of this period."
        )
    for currency, amount in sorted(spend.left_out.items()):
        said.append(
            f"{currency} {amount:,.2f} is left out, since it cannot be added to {spend.currency}."
        )
    return " ".join(said)


def rule(found: Found) -> str:
    """The whole rule in one text."""
    settings = found.settings
    parts = (
        model_rule(settings),
        loop_rule(settings),
        path_rule(settings),
        null_rule(found),
        interval_rule(found),
    )
    return " ".join(part for part in parts if part)
