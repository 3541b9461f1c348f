"""What happened when, on every picture in time, and what is wrong with the file that says so."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

import plotly.graph_objects as go
import streamlit as st

from journey.annotations import file
from journey.annotations.annotation import Annotation
from journey.annotations.file import Kept
from journey.metrics import metric as registry
from journey.metrics.filters import Filters
from journey.present import charts, kpi, marks, numbers, words
from journey.present.ui import noting
from journey.present.ui.asking import Frame
from journey.present.ui.shell import engines


def kept() -> Kept:
    """All that the file says, read again where it or the metrics it may name have changed."""
    path = engines().folder.annotations
    try:
        seen = path.stat()
    except OSError:
        return Kept()
    return _kept(path, (seen.st_mtime_ns, seen.st_size), registry.names())


@lru_cache(maxsize=4)
def _kept(path: Path, seen: tuple[int, int], metrics: frozenset[str]) -> Kept:
    """The file as it was at its last change."""
    return file.read(path, metrics)


def notes(page: str, metric: str | None, filters: Filters) -> tuple[Annotation, ...]:
    """The annotations that belong on a picture of this page and metric under these filters."""
    return tuple(one for one in kept().annotations if one.belongs(page, metric, filters.where))


def plotted(
    picture: go.Figure, key: str, alt: str, noted: Sequence[Annotation], days: tuple[date, date]
) -> None:
    """A picture in time with its annotations in words: in a list beneath it, and in what is told
    to those who do not see it. `days` are those that the picture covers, half-open."""
    told = marks.in_words(noted, *days)
    st.plotly_chart(picture, theme=None, key=key, config=charts.CONFIG, alt=f"{alt} {told}".strip())
    if listed := marks.listing(noted, *days):
        st.html(listed)


def health(page: Frame) -> None:
    """A card with the annotations there are, every line that cannot be used, and a form for one
    more."""
    found, path = kept(), engines().folder.annotations
    with st.container(border=True, key="card_annotations", gap="xxsmall"):
        st.html(kpi.head("Annotations", "What is known to have happened, and can it be read?"))
        for problem in found.problems:
            st.warning(words.escape_markdown(problem), icon=":material/build:")
        if found.annotations:
            first, last = found.annotations[0].day, max(one.last for one in found.annotations)
            many = numbers.counted(len(found.annotations), "annotations")
            days = words.period(first, last + timedelta(days=1))
            st.html(kpi.foot(f"{many}, {days}, marked on every chart in time they belong to."))
        elif not found.problems:
            st.html(
                kpi.foot(
                    f"None yet. Add one here, or put a file {path.name} into the data folder, its "
                    f"first line {','.join(file.COLUMNS[:4])}: each line is marked on every chart "
                    "in time."
                )
            )
        noting.form(page.engine)
