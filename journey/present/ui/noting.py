"""A form that adds an annotation: what happened, when, and what it is about."""

from datetime import date

import streamlit as st

from journey.annotations import adding, file
from journey.annotations.adding import AnnotationsMovedError
from journey.config import STAGES
from journey.datafolder import DataFolder
from journey.errors import IntakeError
from journey.metrics import metric as registry
from journey.metrics.engine import Engine
from journey.metrics.filters import SEGMENTS
from journey.present import words

_TOLD = "annotation_told"
_ALL = ""
_Segment = tuple[str, str]


def form(engine: Engine) -> None:
    """What came of the last annotation, and in place a form for another."""
    _told()
    fold = st.expander("Add an annotation", key="fold_annotation", on_change="rerun")
    if fold.open:
        with fold:
            _fields(engine)


def _fields(engine: Engine) -> None:
    """The form; it keeps to the file as its writer saw it, whatever others write meanwhile."""
    turn = st.session_state.setdefault("turn_annotation", 0)
    if f"annotation_text_{turn}" not in st.session_state:
        st.session_state["seen_annotations"] = adding.version(engine.folder.annotations)
    known = engine.segments()
    segments: list[_Segment] = [(_ALL, _ALL)]
    segments += [(name, value) for name in SEGMENTS for value in known[name]]
    titles = {
        metric.full_name: metric.title
        for metric in map(registry.find, sorted(n for n in registry.names() if "/" in n))
    }
    with st.form("annotation", border=False):
        st.text_input(
            "What happened", key=f"annotation_text_{turn}", max_chars=file.LONGEST,
            placeholder="In a few words, as it should stand beneath the charts",
        )  # fmt: skip
        with st.container(horizontal=True, gap="small"):
            for name, label in (("day", "Day"), ("until", "Last day, if it took several")):
                st.date_input(
                    label, None, key=f"annotation_{name}_{turn}", format="YYYY-MM-DD", width=190
                )
            st.text_input(
                "Kind", key=f"annotation_kind_{turn}", max_chars=file.LONGEST_KIND, width=170,
                placeholder="release, campaign",
            )  # fmt: skip
        with st.container(horizontal=True, gap="small"):
            st.selectbox(
                "Stage", [_ALL, *STAGES], key=f"annotation_stage_{turn}", width=190,
                format_func=lambda name: words.label(name) if name else "All stages",
            )  # fmt: skip
            st.selectbox(
                "Metric", [_ALL, *titles], key=f"annotation_metric_{turn}", width=260,
                format_func=lambda name: titles.get(name, "All metrics"),
            )  # fmt: skip
            st.selectbox(
                "Who it is about", segments, key=f"annotation_who_{turn}", width=230,
                format_func=_segment,
            )  # fmt: skip
        st.form_submit_button(
            "Add", on_click=_add, args=(engine.folder,), key="annotation_add", type="primary"
        )


def _add(folder: DataFolder) -> None:
    """Write what the form says; keep the words where that fails."""
    state = st.session_state
    turn = state["turn_annotation"]
    fields = ("day", "until", "kind", "text", "metric", "stage")
    given: dict[str, str | date | None] = {
        name: state[f"annotation_{name}_{turn}"] for name in fields
    }
    given["text"] = " ".join(str(given["text"] or "").split())
    name, value = state[f"annotation_who_{turn}"]
    given |= {name: value} if name else {}
    try:
        one = adding.add(folder, given, registry.names(), state["seen_annotations"])
    except AnnotationsMovedError as error:
        # The next press adds the line to what is there now.
        state["seen_annotations"] = adding.version(folder.annotations)
        state[_TOLD] = (False, str(error))
    except IntakeError as error:
        state[_TOLD] = (False, str(error))
    else:
        state["turn_annotation"] = turn + 1
        state[_TOLD] = (True, f"Added: {one.text}.")


def _told() -> None:
    """What came of the last press, said once."""
    if _TOLD not in st.session_state:
        return
    went_well, said = st.session_state.pop(_TOLD)
    show = st.success if went_well else st.warning
    icon = ":material/check:" if went_well else ":material/edit_off:"
    show(words.escape_markdown(said), icon=icon)


def _segment(one: _Segment) -> str:
    """A filter's value as a reader chooses it."""
    name, value = one
    return f"{words.label(name)}: {words.label(value)}" if name else "Everyone"
