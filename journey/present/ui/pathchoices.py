"""What a reader may choose about paths: ends, units, steps, names; each bound to the address."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

import streamlit as st

from journey.analysis.paths.asking import COUNTS, MOST_NAMES, OVERS, Asked
from journey.analysis.paths.finding import usual_cleaning
from journey.analysis.paths.walking import vocabulary
from journey.cleaning import Cleaning, Rule
from journey.errors import JourneyError
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters
from journey.present import words
from journey.present.numbers import counted

WIDTH = 142

_COUNTS = {"journeys": "Journeys", "people": "People", "occurrences": "Every occurrence"}
_FOLD = {"as": "As they are", "fold": "Folded into one"}

Value = TypeVar("Value")


@dataclass
class Chosen:
    """What was chosen: a question, or why it cannot be asked; and the names there are."""

    asked: Asked | None = None
    error: JourneyError | None = None
    labels: dict[str, str] = field(default_factory=dict)
    """The names that are not hidden, with how they are read."""


def choose(engine: Engine, usual: Cleaning, filters: Filters) -> Chosen:
    """The row of choices; what the configuration says of names is chosen at first."""
    chosen = Chosen()
    try:
        with st.container(horizontal=True, key="filters_path", vertical_alignment="bottom"):
            over = pick("Over", OVERS, "path_over", words.label)
            usual = usual_cleaning(engine, usual, filters, over)
            ends = st.container(horizontal=True, width="content")
            count = pick("Count", COUNTS, "path_count", _COUNTS.__getitem__)
            steps = pick("Steps", (5, 3, 4, 6, 7, 8), "path_steps", str)
            top = pick("Names a step", (8, 3, 5, 12, MOST_NAMES), "path_top", str)
            repeats = pick(
                "Repeats",
                ("fold", "as") if usual.collapse else ("as", "fold"),
                "path_repeats",
                _FOLD.__getitem__,
            )
        with st.expander("Names: rules, directories, what is hidden", key="path_names"):
            cleaning = _naming(usual, repeats == "fold")
            known = sorted(set(vocabulary(engine, filters, over).values()))
            labels = words.labels(sorted(set(cleaning.names(known).values())))
            hide = st.multiselect(
                "Hidden",
                list(labels),
                [name for name in usual.hide if name in labels],
                key="path_hide",
                bind="query-params",
                format_func=labels.__getitem__,
                placeholder="Nothing",
            )
            _reach(cleaning, known, over)
        chosen.labels = {name: label for name, label in labels.items() if name not in hide}
        with ends:
            start = _end("From", "path_from", "The journey's start", chosen.labels)
            end = _end("To", "path_to", "Wherever it ends", chosen.labels)
        chosen.asked = Asked(
            start=start,
            end=end,
            over=over,
            count=count,
            steps=steps,
            top=top,
            cleaning=replace(cleaning, hide=tuple(hide)),
        )
    except JourneyError as error:
        chosen.error = error
    return chosen


def pick(
    name: str,
    options: Sequence[Value],
    key: str,
    shown: Callable[[Value], str],
    quiet: bool = False,
) -> Value:
    """One of a few, bound to the address; the first is the default. A quiet one stands in a card
    that says what it chooses."""
    found: Value = st.selectbox(
        name,
        list(options),
        format_func=shown,
        key=key,
        bind="query-params",
        width=300 if quiet else WIDTH,
        label_visibility="collapsed" if quiet else "visible",
    )
    return found


def _naming(usual: Cleaning, collapse: bool) -> Cleaning:
    """Rules and directories. Raises MetricError for a rule that is none."""
    rules = st.text_input(
        "Rules, the first that matches counts",
        "; ".join(map(str, usual.rules)),
        key="path_rules",
        bind="query-params",
        placeholder="ad_* -> Ads; regex:^product_(list_)?viewed$ -> Products",
    )
    kept = [0, 1, 2, 3]
    if usual.directories:
        kept.remove(usual.directories) if usual.directories in kept else None
        kept.insert(0, usual.directories)
    directories = pick(
        "Directories kept", kept, "path_directories", lambda one: str(one) if one else "All"
    )
    return Cleaning(
        tuple(Rule.read(line.strip()) for line in rules.split(";") if line.strip()),
        directories or None,
        (),
        collapse,
    )


def _reach(cleaning: Cleaning, known: list[str], over: str) -> None:
    """How many names each rule gave a name to, so that one that catches nothing is seen."""
    if not cleaning.rules:
        return
    said = [
        f"{rule}: {count:,} of {counted(len(known), f'{over}s')}"
        for rule, count in zip(cleaning.rules, cleaning.reach(known), strict=True)
    ]
    st.caption(words.escape_markdown("; ".join(said) + "."))


def _end(name: str, key: str, nothing: str, labels: dict[str, str]) -> str | None:
    """One end of the paths, or none."""
    chosen: str | None = st.selectbox(
        name,
        list(labels),
        index=None,
        key=key,
        format_func=labels.__getitem__,
        placeholder=nothing,
        bind="query-params",
        width=WIDTH + 30,
    )
    return chosen
