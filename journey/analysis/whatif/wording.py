"""The effect of a change in plain words: numbers first, then what the naive product leaves out."""

import polars as pl

from journey.analysis.pains.pain import Estimate
from journey.analysis.whatif.asking import Change, Faster, Step, Without
from journey.analysis.whatif.effect import Effect, Part

NAMES = {
    "ceiling": "Near 100 % already",
    "passes": "Passing again",
    "further": "How far they get",
    "anyway": "Would have anyway",
    "elsewhere": "Within other journeys",
    "alike": "Alike customers",
    "again": "Orders that follow",
}
"""Part to its name in a picture."""

_WHY = {
    "ceiling": "customers who come back after an order are so near 100 % there that they cannot "
    "gain as much",
    "passes": "journeys stand there more than once, and each time counts",
    "further": "those who are moved do not get as far as those who went there by themselves",
    "anyway": "some of those who now go on would have come to an order another way",
    "elsewhere": "the channel also carries journeys that began elsewhere, and others take over "
    "some of those that began with it",
    "alike": "among alike customers, and by what satisfaction says, the slow differ otherwise "
    "than as they stand",
    "again": "an order more is followed by others, as customers come back",
}

CALCULATED = (
    "A calculation, not a forecast: it takes it that those who are moved behave from there on as "
    "those did who got there by themselves, and that all else stays."
)
ASSOCIATED = (
    "An association: customers who waited long may differ in more than the waiting, so how many "
    "would come back after a faster delivery only an experiment tells."
)


def lever(change: Change) -> str:
    """The change, as a sentence begins.

    >>> lever(Step("checkout", "order", 2)), lever(Faster(1))
    ('2 points more from checkout to order', 'Deliveries 1 day faster')
    """
    if isinstance(change, Step):
        more = "more" if change.points >= 0 else "fewer"
        size = abs(change.points)
        points = "point" if size == 1 else "points"
        if change.target == "left":
            return f"{size:g} {points} {more} leave at {change.source}"
        return f"{size:g} {points} {more} from {change.source} to {change.target}"
    if isinstance(change, Faster):
        return f"Deliveries {change.days:g} {'day' if change.days == 1 else 'days'} faster"
    return f"Without {change.channel}"


def sentences(change: Change, effect: Effect, currency: str | None) -> list[str]:
    """What comes of it, what the naive product says, why that is not it, and what it rests on."""
    orders = effect.orders
    told = [f"{lever(change)}: {_more(orders)} a month{_money(effect.money, currency)}."]
    naive = (
        "Counting the orders of journeys that began with it says"
        if isinstance(change, Without)
        else "Rate times rate says"
    )
    told.append(f"{naive} {_signed(effect.naive)}{'' if effect.parts else ' as well'}.")
    told += [f"{_signed(part.orders)}: {why(part)}." for part in effect.parts]
    told.append(
        f"The chain comes to {effect.before:,.0f} orders a month as it is; {effect.counted:,.0f} "
        "were counted."
    )
    told.append(ASSOCIATED if effect.is_association else CALCULATED)
    return told


def table(effect: Effect) -> pl.DataFrame:
    """A row for the naive product, each part, and the effect with its interval: orders a month."""
    rows = [
        ("naive product", effect.naive, None, None),
        *((NAMES[part.name].lower(), part.orders, None, None) for part in effect.parts),
        ("effect", effect.orders.value, effect.orders.low, effect.orders.high),
    ]
    names = ("what", "orders_a_month", "low", "high")
    kinds = [pl.String, pl.Float64, pl.Float64, pl.Float64]
    return pl.DataFrame(rows, schema=dict(zip(names, kinds, strict=True)), orient="row")


def why(part: Part) -> str:
    """Why a part makes the effect another than the naive product."""
    if part.name == "further" and part.orders > 0:
        return _WHY["further"].replace("do not get as far as", "get further than")
    if part.name == "again" and part.orders < 0:
        return "an order less takes those with it that would have followed"
    return _WHY[part.name]


def _more(orders: Estimate) -> str:
    """Orders gained or lost with their interval."""
    word = "more" if orders.value >= 0 else "fewer"
    ends = sorted((abs(orders.low), abs(orders.high)))
    if orders.low * orders.high < 0:
        span = f"{_signed(orders.low)} to {_signed(orders.high)}"
    else:
        span = f"{ends[0]:,.1f} to {ends[1]:,.1f}"
    return f"{abs(orders.value):,.1f} orders {word} (95 %: {span})"


def _money(money: Estimate | None, currency: str | None) -> str:
    """The same in money."""
    if money is None:
        return ""
    ends = sorted((abs(money.low), abs(money.high)))
    return f", about {currency} {abs(money.value):,.0f} ({ends[0]:,.0f} to {ends[1]:,.0f})"


def _signed(number: float) -> str:
    """A number with its sign."""
    text = f"{abs(number):,.1f}"
    sign = "" if text == "0.0" else "+" if number > 0 else "\u2212"
    return f"{sign}{text}"
