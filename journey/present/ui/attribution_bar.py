"""The attribution page's own choices, in a bar of their own under the filters."""

import streamlit as st

from journey.analysis.attribution.models import MODELS
from journey.analysis.attribution.settings import ORDERS, Lookback, Settings
from journey.present.numbers import counted

_WIDTH = 142
"""As wide as the filters above, so that their edges align; two fit beside each other on a phone."""

LOOKBACKS = {
    **{f"{days}d": f"{days} days" for days in (7, 14, 30, 60, 90)},
    **{f"{n}sessions": f"{n} sessions" for n in (3, 5, 10)},
    "person": "All visits",
}
REPEATS = {
    "none": "As they came",
    "exposure": "In a row as one",
    "first": "Each channel once",
    "without_direct": "Without Direct",
    "without_last_direct": "Direct not last",
}
NULLS = {"all": "All count", "mature": "If past their time", "none": "Left out"}
MEASURES = {"orders": "Orders", "values": "Value"}


def choices() -> tuple[Settings, str]:
    """The page's own choices, each bound to the address."""
    with st.container(
        horizontal=True, key="filters_attribution", vertical_alignment="bottom", gap="small"
    ):
        model = _select(
            "Model", {name: model.title for name, model in MODELS.items()}, "model", "markov"
        )
        lookback = _select("Look-back", LOOKBACKS, "lookback", "30d")
        transform = _select("Repeated visits", REPEATS, "repeats", "none")
        measure = _select("Credit in", MEASURES, "credit_in", "orders")
        splitting = {name: model.title for name, model in MODELS.items() if model.splits}
        del splitting["shapley_rate"], splitting["custom"]
        baseline = _select("Baseline", splitting, "baseline", "last_non_direct")
        order, half_life, weights = 1, 7.0, (1.0, 1.0, 1.0)
        if model == "markov":
            orders = {str(k): f"{counted(k, 'visits')} back" for k in ORDERS}
            order = int(_select("Chain", orders, "chain", "1"))
        if model == "time_decay":
            half_life = _number("Half-life in days", 7.0, "half_life", low=0.5, high=365.0)
        if model == "custom":
            weights = (
                _number("First", 1.0, "weight_first"),
                _number("Middle", 1.0, "weight_middle"),
                _number("Last", 1.0, "weight_last"),
            )
        nulls = _select("Paths to no order", NULLS, "nulls", "all")
        reset = st.toggle(
            "A visit counts once", key="reset", bind="query-params",
            help="A visit before an earlier order does not count for a later one",
        )  # fmt: skip
    settings = Settings(
        model=model,
        lookback=Lookback.parse(lookback),
        transform=transform,
        order=order,
        with_nulls=nulls != "none",
        mature_only=nulls == "mature",
        reset_after_conversion=bool(reset),
        half_life_days=half_life,
        weights=weights,
        baseline=baseline,
    )
    return settings, measure


def _select(title: str, choices: dict[str, str], key: str, default: str) -> str:
    """One choice, bound to the address."""
    names = list(choices)
    chosen = st.selectbox(
        title,
        names,
        index=names.index(default),
        format_func=choices.__getitem__,
        key=key,
        bind="query-params",
        width=_WIDTH,
    )
    return str(chosen)


def _number(title: str, default: float, key: str, low: float = 0.0, high: float = 100.0) -> float:
    """One number, bound to the address."""
    return float(
        st.number_input(title, low, high, default, key=key, bind="query-params", width=_WIDTH)
    )
