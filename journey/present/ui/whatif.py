"""The page of what-ifs: one thing to change, what comes of it, and why that is not the naive
product."""

import streamlit as st

from journey.analysis.attribution.finding import Found
from journey.analysis.whatif import asking, removing, wording
from journey.analysis.whatif.asking import Change, Faster, Ground, Step, Without
from journey.analysis.whatif.effect import Effect
from journey.analysis.whatif.flows import LEFT, ORDER, PLACES, TARGETS
from journey.errors import JourneyError
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters
from journey.present import charts, kpi, whatif, words
from journey.present.ui.card import Behind, choosing, told
from journey.present.ui.page import Page
from journey.present.ui.shell import colours

_KINDS = {
    "step": "A step goes better",
    "channel": "A channel is gone",
    "delivery": "Deliveries are faster",
}
_QUESTION = "With loops and later orders, how many orders and how much money a month?"


def what_if(page: Page) -> None:
    """All of the page below the filters."""
    with choosing("what_if", "One thing changed, and what comes of it", _QUESTION):
        kind = st.segmented_control(
            "What changes",
            list(_KINDS),
            default="step",
            required=True,
            format_func=_KINDS.__getitem__,
            key="what",
            bind="query-params",
            label_visibility="collapsed",
        )
        try:
            given = _ground(page)
            credit = _credit(page) if kind == "channel" else None
            with st.container(
                horizontal=True, key="what_if_choice", vertical_alignment="bottom", gap="small"
            ):
                change = _change(str(kind), credit)
            effect = asking.ask(
                page.engine,
                page.filters,
                change,
                page.config.minimum_n,
                given=given,
                credit=credit,
            )
        except JourneyError as error:
            # Mostly too few cases, which is no fault: said in the answer's place.
            st.html(kpi.foot(str(error)))
            return
        _answer(page, change, effect)


def _change(kind: str, credit: Found | None) -> Change:
    """What the reader chose to change."""
    if kind == "channel" and credit is not None:
        channels = sorted(
            credit.channels, key=lambda name: -credit.held[credit.channels.index(name)]
        )
        channel = st.selectbox(
            "Without", channels, format_func=words.labels(channels).__getitem__, key="without",
            bind="query-params", width=220,
        )  # fmt: skip
        return Without(str(channel))
    if kind == "delivery":
        days = st.number_input(
            "Days faster", 0.5, 10.0, 1.0, 0.5, key="faster", bind="query-params", width=140
        )
        return Faster(float(days))
    source = st.selectbox(
        "From", PLACES, index=len(PLACES) - 1, format_func=words.label, key="from",
        bind="query-params", width=170,
    )  # fmt: skip
    targets = [name for name in TARGETS if name != source]
    target = st.selectbox(
        "To", targets, index=targets.index(ORDER), format_func=words.label, key="to",
        bind="query-params", width=170,
    )  # fmt: skip
    points = st.number_input(
        "Points more" if target != LEFT else "Points more leave",
        -50.0, 50.0, 2.0 if target != LEFT else -2.0, 0.5,
        key="points" if target != LEFT else "points_left",
        bind="query-params", width=140,
    )  # fmt: skip
    return Step(str(source), str(target), float(points))


def _answer(page: Page, change: Change, effect: Effect) -> None:
    """The numbers, the way to them, and the words."""
    currency = page.engine.snapshot.currency
    said = wording.sentences(change, effect, currency)
    st.html(kpi.says(said[:-2]))
    plates = whatif.plates(effect, currency)
    with st.grid(len(plates), min_column_width=170, key="what_if_plates"):
        for plate in plates:
            st.html(plate)
    if effect.parts:
        st.plotly_chart(
            whatif.picture(change, effect, colours()).figure(),
            theme=None,
            key="what_if_bridge",
            config=charts.CONFIG,
            alt=" ".join(said),
        )
    behind = Behind(
        name="what_if",
        question=_QUESTION,
        notes=_NOTES,
        grain="one row for the naive product, each part and the effect, in orders a month",
        as_of=page.filters.as_of,
        rows=wording.table(effect),
    )
    told("what_if", behind, page.engine.snapshot.name, " ".join(said[-2:]))


_NOTES = (
    "Journeys move between awareness, consideration, decision and checkout, as often as they do, "
    "and end in an order or leave; an order may be followed by another journey within the repeat "
    "window, which has chances of its own. These chances make an absorbing Markov chain; one of "
    "them is moved, the others of its row are scaled, and the chain is solved anew. It is counted "
    "from mature journeys of the period. The interval comes from drawing crowds of people again. "
    "A channel gone is Markov's removal effect, as on the page Attribution with paths to no order. "
    "Faster deliveries are told by what slow ones go with among alike customers, an association. "
    "The naive product multiplies rates and knows neither loops nor later orders."
)


def _ground(page: Page) -> Ground:
    """The chain of the page's frame, from the cache."""
    return _grounds(
        page.filters.key(),
        page.engine.snapshot.name,
        page.config.minimum_n,
        page.engine,
        page.filters,
    )


def _credit(page: Page) -> Found:
    """The removal effects of the page's frame, from the cache."""
    return _credits(page.filters.key(), page.engine.snapshot.name, page.engine, page.filters)


@st.cache_data(max_entries=60, max_size="64MB", show_spinner=False)
def _grounds(
    key: tuple[object, ...], snapshot: str, minimum_n: int, _engine: Engine, _filters: Filters
) -> Ground:
    """Asked once; everything it depends on is in the first three arguments."""
    return asking.ground(_engine, _filters, minimum_n)


@st.cache_data(max_entries=30, max_size="64MB", show_spinner="Following every path ...")
def _credits(key: tuple[object, ...], snapshot: str, _engine: Engine, _filters: Filters) -> Found:
    """Asked once; everything it depends on is in the first two arguments."""
    return removing.credit(_engine, _filters)
