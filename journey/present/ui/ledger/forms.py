"""Keeping a row in place: a form that is pinned to what its writer saw, and what came of it."""

from datetime import UTC, date, datetime

import streamlit as st

from journey.analysis.changes import asking
from journey.config import STAGES
from journey.datafolder import DataFolder
from journey.errors import LedgerError
from journey.ledger import file, keeping
from journey.ledger.keeping import LedgerMovedError
from journey.ledger.note import LONGEST_COMMENT, LONGEST_NAME, Edit, Field, Note, Place, Value
from journey.ledger.rows import Row
from journey.metrics import metric as registry
from journey.metrics.engine import Engine
from journey.metrics.filters import SEGMENTS
from journey.present import words

WRITER = "writer"
"""The session's key of the name the reader gave."""

_TOLD = "ledger_told"
_EVERYONE = "everyone"


def identity(key: str) -> str:
    """A key as part of a widget's name."""
    return file.file_name(key).removesuffix(".toml")


def told(key: str) -> None:
    """What came of the last edit of a row, said once."""
    whose, went_well, said = st.session_state.get(_TOLD, ("", True, ""))
    if whose != key:
        return
    del st.session_state[_TOLD]
    if went_well:
        st.success(words.escape_markdown(said), icon=":material/check:")
    else:
        st.warning(words.escape_markdown(said), icon=":material/edit_off:")


def keep(folder: DataFolder, row: Row, today: date) -> None:
    """Owner, due day, a comment, and the day it was fixed; all that a reader may write of a row."""
    own = identity(row.key)
    turn = st.session_state.setdefault(f"turn_{own}", 0)
    note = row.note or Note(row.key, row.place)
    if f"comment_{own}_{turn}" not in st.session_state:
        # A form that is drawn anew starts from the row as it is; one that is open keeps to the
        # row as its writer saw it, whatever others write meanwhile.
        st.session_state[f"base_{own}"] = note
        st.session_state[f"seen_{own}"] = note.version
    base: Note = st.session_state[f"base_{own}"]
    with st.form(f"keep_{own}", border=False):
        if not base.is_closed:
            with st.container(horizontal=True, gap="small"):
                st.text_input(
                    "Owned by", base.owner or "", key=f"owner_{own}_{turn}", width=190,
                    max_chars=LONGEST_NAME, placeholder="nobody yet",
                )  # fmt: skip
                st.date_input(
                    "Due", base.due, key=f"due_{own}_{turn}", format="YYYY-MM-DD", width=150
                )
        st.text_area(
            "Comment", key=f"comment_{own}_{turn}", height=80, max_chars=LONGEST_COMMENT,
            placeholder="What was tried, who knows more",
        )  # fmt: skip
        if base.is_closed:
            with st.container(horizontal=True, gap="small"):
                _button("Save", "save", folder, row, today)
                _button("Open again", "reopen", folder, row, today)
            return
        _button("Save", "save", folder, row, today, kind="primary")
        with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
            ended = row.pain.until if row.pain else None
            st.date_input(
                "Fixed on", min(ended or today, today), key=f"fixed_{own}_{turn}", max_value=today,
                format="YYYY-MM-DD", width=150,
            )  # fmt: skip
            _button("Close as fixed", "close", folder, row, today)


def open_by_hand(folder: DataFolder, engine: Engine) -> None:
    """A row for a pain that no detector sees."""
    turn = st.session_state.setdefault("turn_by_hand", 0)
    known = engine.segments()
    segments = [(_EVERYONE, _EVERYONE)]
    segments += [(name, value) for name in SEGMENTS for value in known[name]]
    rates = {metric.full_name: metric for metric in asking.rates()}
    with st.form("keep_by_hand", border=False):
        st.text_input(
            "Where it hurts", key=f"hand_title_{turn}", max_chars=LONGEST_NAME, width=420,
            placeholder="Three to five words",
        )  # fmt: skip
        with st.container(horizontal=True, gap="small"):
            st.selectbox(
                "Stage", STAGES, format_func=words.label, key=f"hand_stage_{turn}", width=170
            )
            st.selectbox(
                "Who feels it", segments, key=f"hand_who_{turn}", width=230,
                format_func=_segment,
            )  # fmt: skip
            st.selectbox(
                "Judged by", list(rates), format_func=lambda name: rates[name].title,
                key=f"hand_metric_{turn}", width=260,
            )  # fmt: skip
            st.date_input("Since", None, key=f"hand_since_{turn}", format="YYYY-MM-DD", width=150)
        st.form_submit_button("Add the row", on_click=_open, args=(folder,), key="hand_add")


def _button(
    name: str, act: str, folder: DataFolder, row: Row, today: date, kind: str = "secondary"
) -> None:
    """A button that writes before the page is drawn again."""
    st.form_submit_button(
        name,
        key=f"{act}_{identity(row.key)}",
        on_click=_write,
        args=(folder, row.key, row.place, act, today),
        type="primary" if kind == "primary" else "secondary",
    )


def _write(folder: DataFolder, key: str, place: Place, act: str, today: date) -> None:
    """Write what the form says against what its writer saw; keep the words where that fails."""
    state, own = st.session_state, identity(key)
    turn = state[f"turn_{own}"]
    base: Note = state[f"base_{own}"]
    fields: dict[Field, Value] = {}
    if f"owner_{own}_{turn}" in state:
        typed: dict[Field, Value] = {
            "owner": " ".join(str(state[f"owner_{own}_{turn}"] or "").split()) or None,
            "due": state[f"due_{own}_{turn}"],
        }
        fields = {name: value for name, value in typed.items() if value != getattr(base, name)}
    if act == "close":
        fields["fixed_on"] = state[f"fixed_{own}_{turn}"]
    if act == "reopen":
        fields["fixed_on"] = None
    change = Edit(fields, str(state[f"comment_{own}_{turn}"] or ""))
    try:
        note = keeping.edit(
            folder, key, place, change, _writer(),
            seen=state[f"seen_{own}"], at=_now(), today=today,
        )  # fmt: skip
    except LedgerMovedError as error:
        # What was typed stays in the form; the next press writes it over what is there now.
        state[f"seen_{own}"] = error.now.version
        state[_TOLD] = (key, False, str(error))
    except LedgerError as error:
        state[_TOLD] = (key, False, str(error))
    else:
        state[f"turn_{own}"] = turn + 1
        state[_TOLD] = (key, True, f"Written: {note.history[-1].did or 'your comment'}.")
        if act in ("close", "reopen"):
            state[f"fold_{own}"] = True


def _open(folder: DataFolder) -> None:
    """Open the row that the form describes."""
    state = st.session_state
    turn = state["turn_by_hand"]
    name, value = state[f"hand_who_{turn}"]
    place = Place(
        title=str(state[f"hand_title_{turn}"] or ""),
        stage=state[f"hand_stage_{turn}"],
        metric=registry.find(state[f"hand_metric_{turn}"]).full_name,
        who={} if name == _EVERYONE else {name: value},
        since=state[f"hand_since_{turn}"],
    )
    try:
        note = keeping.open_by_hand(folder, place, _writer(), at=_now())
    except LedgerError as error:
        state[_TOLD] = ("by hand", False, str(error))
    else:
        state["turn_by_hand"] = turn + 1
        state[_TOLD] = ("by hand", True, f"Added: {note.place.title}.")


def _segment(one: tuple[str, str]) -> str:
    """A filter's value as a reader chooses it."""
    name, value = one
    return "Everyone" if name == _EVERYONE else f"{words.label(name)}: {words.label(value)}"


def _writer() -> str:
    """The name the reader gave."""
    return str(st.session_state.get(WRITER) or "")


def _now() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC).replace(tzinfo=None)
