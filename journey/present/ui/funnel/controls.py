"""The funnel page's controls: the way and its rule, all bound to the address."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypedDict

import streamlit as st

from journey.analysis.funnel.names import Names
from journey.analysis.funnel.spans import parse_span
from journey.analysis.funnel.spec import (
    HELD,
    MOST,
    SESSION,
    Count,
    Entry,
    Exclusion,
    Funnel,
    Mode,
    OnExclusion,
    parse_exclusion,
    parse_window,
)
from journey.analysis.funnel.steps import AGAIN, NUMBERS, WORDS, Step, escape, parse_step
from journey.config import STAGES
from journey.errors import MetricError
from journey.present import words

MODES = {
    Mode.ORDERED: "In this order",
    Mode.STRICT: "One right after the other",
    Mode.ANY: "In any order",
    Mode.FLEXIBLE: "First, then last",
}
COUNTS = {
    Count.PEOPLE: "People",
    Count.JOURNEYS: "Journeys",
    Count.SESSIONS: "Sessions",
    Count.ENTRIES: "Entries",
}
ENTRIES = {"": "As suits the order", Entry.FIRST: "First", Entry.BEST: "Best", Entry.EVERY: "Every"}
WINDOWS = ("none", SESSION, "1h", "24h", "7d", "30d", "90d")
EXCLUSIONS = {OnExclusion.DROP: "Leave them out", OnExclusion.STOP: "Stop there"}

_WIDTH = 146


@dataclass(frozen=True)
class Choice:
    """What the reader asks."""

    funnel: Funnel
    mature_only: bool
    """Only tries whose window has closed."""
    estimated: bool
    """All tries, by Kaplan's and Meier's estimate."""


def usual(names: Names, volumes: Sequence[str]) -> list[str]:
    """A way to begin with: of each stage up to the purchase the touchpoint most touched, without
    stages that have none, as long as two are left. `volumes` are the touchpoints, the most touched
    first."""
    most = [
        next((name for name in volumes if names.stages.get(name) == stage), None)
        for stage in STAGES[:4]
    ]
    # The ways in are many, so awareness stands in only where another stage has none.
    known = [name for name in (most[1:] if all(most[1:]) else most) if name]
    return known if len(known) > 1 else list(STAGES[1:4])


def choose(names: Names, volumes: Sequence[str], window_days: int) -> Choice:
    """The controls, and what they ask. Raises MetricError where the settings contradict."""
    take_over_changes()
    known = [*volumes, *(stage for stage in STAGES[:-1] if stage not in names.stages)]
    first = usual(names, volumes)
    chosen = [str(step) for step in st.session_state.get("way", first)]
    again = [f"{name}:{AGAIN}" for name in known if name in chosen]
    own = [step for step in chosen if step not in known and step not in again]

    def spoken(step: str) -> str:
        plain, _, rest = step.partition(":")
        if plain in known and rest in ("", AGAIN):
            return words.label(plain) + (" (again)" if rest else "")
        return step

    with st.container(border=True, key="card_way", gap="small"):
        steps = st.multiselect(
            "Steps, in order",
            [*known, *again, *own],
            default=first,
            format_func=spoken,
            max_selections=MOST,
            accept_new_options=True,
            key="way",
            bind="query-params",
            placeholder="Choose 2 to 10 touchpoints or stages",
            help="Write a step to ask for more: product_viewed,reviews_read for either of two, "
            "cart_viewed? for one that need not happen, order_completed:revenue=50.. for an "
            "amount, checkout_started:device=mobile:gap=1m..2h for a device and the time since "
            "the step before.",
        )
        with st.container(horizontal=True, key="filters_way", vertical_alignment="bottom"):
            mode = Mode(
                st.selectbox(
                    "Order",
                    list(MODES),
                    format_func=lambda one: MODES[one],
                    key="way_mode",
                    bind="query-params",
                    width=_WIDTH,
                )
            )
            usual_window = f"{window_days}d"
            options = list(dict.fromkeys([*WINDOWS, usual_window]))
            window = st.selectbox(
                "Within",
                options,
                index=options.index(usual_window),
                format_func=_window_words,
                accept_new_options=True,
                key="way_window",
                bind="query-params",
                width=_WIDTH,
                help="Any span will do: write 45m, 12h or 3w.",
            )
            count = Count(
                st.selectbox(
                    "Count",
                    list(COUNTS),
                    format_func=lambda one: COUNTS[one],
                    key="way_count",
                    bind="query-params",
                    width=_WIDTH,
                )
            )
            timed = st.selectbox(
                "Still in their time",
                list(_TIMES),
                format_func=lambda one: _TIMES[one],
                key="way_immature",
                bind="query-params",
                width=_WIDTH,
                help="A try whose window has not closed may still go on. The estimate uses what "
                "is known of it so far (Kaplan and Meier).",
            )
            with st.popover("Change a step", icon=":material/edit:"):
                _change_a_step([str(step) for step in steps], known)
            with st.popover("More rules", icon=":material/tune:"):
                rules = _more_rules(mode, known)
    parsed = tuple(parse_step(str(step)) for step in steps)
    span = parse_window(str(window or ""))
    funnel = Funnel(steps=parsed, mode=mode, window=span, count=count, **rules)
    return Choice(
        funnel, timed == "out" and span is not None, timed == "estimate" and span is not None
    )


_TIMES = {"out": "Leave out", "in": "Count as they stand", "estimate": "Estimate"}


def _window_words(window: str) -> str:
    """A window as a reader says it; one that was written stays as it is."""
    fixed = {"none": "No limit", SESSION: "The same session", "1h": "1 hour", "24h": "24 hours"}
    if window in fixed:
        return fixed[window]
    return f"{window[:-1]} days" if window.endswith("d") and window[:-1].isdigit() else window


class _Rules(TypedDict):
    """The settings that few need, by their names in `Funnel`."""

    entry: Entry | None
    hold: tuple[str, ...]
    exclusions: tuple[Exclusion, ...]
    on_exclusion: OnExclusion
    grace: timedelta
    ignore: tuple[str, ...]


def _more_rules(mode: Mode, known: Sequence[str]) -> _Rules:
    """The settings that few need."""
    entry = st.selectbox(
        "Which first step counts",
        list(ENTRIES),
        format_func=lambda one: ENTRIES[one],
        key="way_entry",
        bind="query-params",
        help="Best is the one that gets furthest.",
    )
    hold = st.multiselect(
        "The same for all steps",
        list(HELD),
        format_func=words.label,
        key="way_hold",
        bind="query-params",
        placeholder="Nothing",
    )
    exclude = st.multiselect(
        "Not between the steps",
        list(known),
        accept_new_options=True,
        key="way_exclude",
        bind="query-params",
        placeholder="Nothing excluded",
        help="Write support_contacted:between=1-2 for two steps only.",
    )
    on_exclusion = OnExclusion(
        st.selectbox(
            "Who has it all the same",
            list(EXCLUSIONS),
            format_func=lambda one: EXCLUSIONS[one],
            key="way_on_exclusion",
            bind="query-params",
        )
    )
    grace = st.text_input(
        "Simultaneous within",
        "0s",
        key="way_grace",
        bind="query-params",
        help="Touches no further apart than this may come in either order: 2s, 1m.",
    )
    ignore: list[str] = []
    if mode is Mode.STRICT:
        ignore = st.multiselect(
            "May stand in between",
            list(known),
            key="way_ignore",
            bind="query-params",
            placeholder="Nothing",
        )
    return {
        "entry": Entry(entry) if entry else None,
        "hold": tuple(hold),
        "exclusions": tuple(parse_exclusion(str(one)) for one in exclude),
        "on_exclusion": on_exclusion,
        "grace": parse_span(grace or "0s"),
        "ignore": tuple(ignore),
    }


def _change_a_step(steps: list[str], known: Sequence[str]) -> None:
    """A form that rewrites one of the steps."""
    if not steps:
        st.caption("Choose a step first.")
        return
    place = st.selectbox(
        "Step", range(len(steps)), format_func=lambda n: f"{n + 1}. {steps[n]}", key="way_edited"
    )
    try:
        step = parse_step(steps[int(place or 0)])
    except MetricError as error:
        st.caption(words.escape_markdown(str(error)))
        return
    with st.form("edit", border=False):
        names = st.multiselect(
            "Any of",
            list(dict.fromkeys([*known, *step.names])),
            default=list(step.names),
            format_func=words.label,
        )
        optional = st.checkbox("Need not happen (a middle step)", step.optional)
        name = st.selectbox("Only where", ["", *WORDS, *NUMBERS], format_func=_asked)
        value = st.text_input("is", placeholder="mobile,tablet, or 50.. for an amount")
        least = st.text_input("At least this long after the step before", placeholder="1h")
        most = st.text_input("At most this long after it", placeholder="7d")
        if st.form_submit_button("Change"):
            _rewrite(steps, int(place or 0), step, names, optional, name, value, least, most)


def _asked(name: str) -> str:
    """What a condition asks for."""
    return words.label(name) if name else "Any"


def _rewrite(
    steps: list[str],
    place: int,
    step: Step,
    names: Sequence[str],
    optional: bool,
    name: str | None,
    value: str,
    least: str,
    most: str,
) -> None:
    """Put the changed step in the place of the old one, and draw anew."""
    text = ",".join(map(escape, names)) + ("?" if optional else "")
    kept = [one.text for one in step.conditions if one.name != name]
    new = [f"{name}={value}"] if name and value else []
    gap = [f"gap={least}..{most}"] if least or most else []
    changed = ":".join([text, *kept, *new, *gap])
    try:
        parse_step(changed)
    except MetricError as error:
        st.warning(words.escape_markdown(str(error)))
        return
    st.session_state["way_changed"] = [*steps[:place], changed, *steps[place + 1 :]]
    st.rerun()


def take_over_changes() -> None:
    """Set the steps that the form changed; before the control is drawn, which then shows them."""
    if (changed := st.session_state.pop("way_changed", None)) is not None:
        st.session_state["way"] = changed
