"""Pains in words: what is lost where, by whom, since when and for how much money."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from math import floor, log10

from journey.analysis.pains.pain import Estimate

FEWEST_A_MONTH = 10
"""Fewer orders a month than this are told as a sum."""

MOST_NAMED = 2
"""More segments than these are not named one by one."""

_PLURAL = {"device": "devices", "country": "countries"}

_PLACES = {
    "awareness": "first visit",
    "consideration": "product pages",
    "decision": "cart",
    "checkout": "checkout",
    "carts": "carts",
    "carts_without_id": "carts without an id",
}


def title(place: str, who: Mapping[str, str]) -> str:
    """Three to five words for the map.

    >>> title("checkout", {"device": "mobile"}), title("decision", {})
    ('Mobile checkout', 'Cart')
    >>> title("consideration", {"device": "mobile", "country": "DE"})
    'Product pages, mobile, DE'
    """
    name = _PLACES.get(place, place.replace("_", " "))
    if not who:
        return name[0].upper() + name[1:]
    if len(who) == 1 and "device" in who:
        device = who["device"]
        return f"{device[0].upper()}{device[1:]} {name}"
    return ", ".join([name[0].upper() + name[1:], *who.values()])


def against(name: str, others: Sequence[str]) -> str:
    """What a segment is held against: the others by name where they are few.

    >>> against("device", ["desktop"]), against("country", ["AT", "DE", "FR"])
    ('against desktop', 'against other countries')
    """
    if len(others) <= MOST_NAMED:
        return f"against {' and '.join(others)}"
    return f"against other {_PLURAL[name]}"


def lost(
    subject: str,
    orders: Estimate,
    money: Estimate | None,
    against: str,
    days: int,
    span: tuple[date | None, date | None],
    currency: str | None,
    *,
    many: bool = False,
) -> str:
    """The whole of it in one sentence. Long losses are told by the month; `many` says that the
    subject is a plural.

    >>> about = Estimate(45.4, 38.0, 52.0), Estimate(3700.0, 2900.0, 4500.0)
    >>> span = date(2026, 7, 3), date(2026, 7, 14)
    >>> lost("Mobile checkout", *about, "against other days", 11, span, "EUR")
    'Mobile checkout lost 45 orders against other days, about EUR 3,700 (2,900 to 4,500), \
3 to 13 July 2026.'
    >>> lost("DE checkout", *about, "against other countries", 90, (None, None),
    ...      "EUR")
    'DE checkout loses 15 orders a month against other countries, about EUR 1,200 a month \
(970 to 1,500).'
    """
    since, until = span
    over = until is not None
    share = 30 / days
    if over or days <= 45 or orders.value * share < FEWEST_A_MONTH:
        share = 1.0
    month = " a month" if share < 1 else ""
    verb = "lost" if over else "lose" if many else "loses"
    size = number(orders.value * share)
    things = "order" if size == "1" else "orders"
    said = f"{subject} {verb} {size} {things}{month} {against}"
    if money is None:
        return f"{said}{when(since, until)}. {NO_AMOUNTS}"
    sums = [number(end * share) for end in (money.value, money.low, money.high)]
    unit = f"{currency} " if currency else ""
    said = f"{said}, about {unit}{sums[0]}{month} ({sums[1]} to {sums[2]})"
    return f"{said}{when(since, until)}."


def excess(
    subject: str,
    befell: str,
    shares: tuple[float, float],
    more: tuple[Estimate, str],
    span: tuple[date | None, date | None],
    price: str,
) -> str:
    """More of a sign of trouble than comparable people have, in one sentence; `more` is how many
    of what, `price` a sentence on what that costs, or why that is not known.

    >>> excess("Calls for help, mobile checkout", "contacted support", (0.081, 0.03),
    ...        (Estimate(34.2, 21.0, 47.5), "people"), (date(2026, 7, 3), date(2026, 7, 14)),
    ...        NO_LOSS)
    'Calls for help, mobile checkout: 8\u2009% contacted support, of comparable people 3\u2009%: \
34 people more (21 to 48), 3 to 13 July 2026. No loss stands out there, so it has no price.'
    """
    observed, comparable = shares
    size, things = more
    return (
        f"{subject}: {percent(observed)} {befell}, of comparable people {percent(comparable)}: "
        f"{number(size.value)} {things} more ({number(size.low)} to {number(size.high)})"
        f"{when(*span)}. {price}"
    )


NO_AMOUNTS = "No order carries an amount, so there is no price."
NO_LOSS = "No loss stands out there, so it has no price."
NO_PRICE = "What complaints cost is not measured: few write, and not about each order."
AFTER_ORDER = "It has no price: what a call costs, and who stays away for it, is not known."
NOT_YET = (
    "It has no price: too few of those who answered have ordered and had their time to come back."
)
"""Why a sign of trouble has no price."""


def counted_with(title: str) -> str:
    """Why the repeat orders that a sign may cost have no price of their own.

    >>> counted_with("Slow delivery")
    'It has no price of its own: repeat orders lost to it may be those of slow delivery.'
    """
    of = f"{title[0].lower()}{title[1:]}" if title[1:2].islower() else title
    return f"It has no price of its own: repeat orders lost to it may be those of {of}."


def no_less_often(orders: int) -> str:
    """Why unhappy answers have no price: those who give them come back as often."""
    return (
        f"It has no price: by {orders:,} rated orders, the unhappy order again no less often than "
        "chance would explain."
    )


def less_often(
    orders: int, points: Estimate, repeats: Estimate, money: Estimate | None, currency: str | None
) -> str:
    """What unhappy answers cost in repeat orders.

    >>> less_often(540, Estimate(0.12, 0.04, 0.2), Estimate(5.9, 1.8, 10), Estimate(600, 90, 1110),
    ...            "EUR")
    'About 6 repeat orders, EUR 600 (90 to 1,100): by 540 rated orders, the unhappy order again 12 \
points less often than alike others (4 to 20), an association.'
    """
    price = ""
    if money is not None:
        unit = f"{currency} " if currency else ""
        sums = [number(end) for end in (money.value, money.low, money.high)]
        price = f", {unit}{sums[0]} ({sums[1]} to {sums[2]})"
    low, middle, high = (f"{100 * end:.0f}" for end in (points.low, points.value, points.high))
    return (
        f"About {number(repeats.value)} repeat orders{price}: "
        f"by {orders:,} rated orders, the unhappy order again {middle} points less often than "
        f"alike others ({low} to {high}), an association."
    )


def when(since: date | None, until: date | None) -> str:
    """Since when, or from when to when; nothing where it was always so."""
    if since is None:
        return ""
    if until is None:
        return f", since {day(since)} {since.year}"
    last = until - timedelta(days=1)
    if last == since:
        return f", on {day(since)} {since.year}"
    if (since.year, since.month) == (last.year, last.month):
        return f", {since.day} to {day(last)} {last.year}"
    first = day(since) if since.year == last.year else f"{day(since)} {since.year}"
    return f", {first} to {day(last)} {last.year}"


def day(when: date) -> str:
    """A day with its month in full.

    >>> day(date(2026, 3, 3))
    '3 March'
    """
    return f"{when.day} {when:%B}"


def number(value: float) -> str:
    """A count or an amount to two significant digits, or whole below 100.

    >>> [number(value) for value in (24_310.0, 310.4, 45.4, 0.4, -1_234.0)]
    ['24,000', '310', '45', '0', '−1,200']
    """
    size = abs(value)
    if size >= 100:
        unit = 10 ** (floor(log10(size)) - 1)
        size = round(size / unit) * unit
    text = f"{size:,.0f}"
    return f"−{text}" if value < 0 and text != "0" else text


def percent(share: float) -> str:
    """A share as a whole percentage; a small one with a decimal.

    >>> percent(0.0746), percent(0.003)
    ('7\\u2009%', '0.3\\u2009%')
    """
    return f"{100 * share:.{1 if 0 < share < 0.01 else 0}f}\u2009%"
