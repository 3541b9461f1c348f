"""What would come of a change, drawn: plates with the numbers, and the way from rate times rate to
the effect."""

from html import escape

from journey.analysis.whatif import wording
from journey.analysis.whatif.asking import Change, Without
from journey.analysis.whatif.effect import Effect
from journey.present.bridges import Scale, waterfall
from journey.present.numbers import MINUS, interval, show
from journey.present.palette import Palette
from journey.present.sheet import Sheet
from journey.present.words import escape_plotly


def plates(effect: Effect, currency: str | None) -> list[str]:
    """The effect in orders, in money where there is any, and the naive product, as small cards."""
    orders = effect.orders
    share = 100 * abs(orders.value) / effect.before if effect.before else 0.0
    cards = [
        _plate(
            "Orders a month",
            _signed(orders.value),
            f"{share:.1f} % {'more' if orders.value >= 0 else 'fewer'} than now",
            f"95 %: {interval(orders.low, orders.high, 'orders')}",
        )
    ]
    if effect.money is not None:
        money = effect.money
        cards.append(
            _plate(
                "Money a month",
                f"{_sign(money.value)}{show(abs(money.value), 'money', currency)}",
                "at what an order brings on average",
                f"95 %: {interval(money.low, money.high, 'money', currency)}",
            )
        )
    apart = orders.value - effect.naive
    cards.append(
        _plate(
            "Naive product",
            _signed(effect.naive),
            f"{_signed(apart)} to the effect",
            "orders a month, rate times rate",
        )
    )
    return cards


def picture(change: Change, effect: Effect, palette: Palette) -> Sheet:
    """From the naive product to the effect, part by part, in orders a month."""
    naive = "Began with it" if isinstance(change, Without) else "Rate times rate"
    steps = [
        (wording.NAMES[part.name], part.orders, escape_plotly(wording.why(part)))
        for part in effect.parts
    ]
    scale = Scale(_signed, _signed)
    return waterfall((naive, effect.naive), steps, ("Effect", effect.orders.value), scale, palette)


def _plate(title: str, value: str, under: str, foot: str) -> str:
    """One number with what it is held against and how sure it is."""
    return (
        f'<div class="kpi"><div class="title">{escape(title)}</div>'
        f'<div class="value">{escape(value)}</div>'
        f'<div class="versus">{escape(under)}</div><div class="foot">{escape(foot)}</div></div>'
    )


def _signed(number: float) -> str:
    """A number with its sign, never plus or minus nothing."""
    text = f"{abs(number):,.1f}"
    return text if text == "0.0" else f"{_sign(number)}{text}"


def _sign(number: float) -> str:
    """Plus, minus, or nothing before nothing."""
    return "+" if number > 0 else MINUS if number < 0 else ""
