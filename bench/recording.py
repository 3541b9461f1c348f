"""A page as the list of elements it drew, so that the same page can be drawn from constants.

The page runs in Streamlit's own test harness while every command that draws is noted with the
container it drew into. Callables in its arguments are worked out: what is left is values.
"""

import os
import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any
from unittest.mock import patch

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.testing.v1 import AppTest

from journey import ROOT
from journey.datafolder import DataFolder

COMMANDS = (
    "button",
    "caption",
    "checkbox",
    "code",
    "columns",
    "container",
    "dataframe",
    "date_input",
    "download_button",
    "empty",
    "error",
    "expander",
    "form",
    "form_submit_button",
    "grid",
    "html",
    "markdown",
    "multiselect",
    "number_input",
    "plotly_chart",
    "popover",
    "segmented_control",
    "selectbox",
    "success",
    "tabs",
    "text_area",
    "text_input",
    "title",
    "toggle",
    "warning",
)
"""The commands that a page may draw with; another one makes the recording fail."""


@dataclass(frozen=True)
class Element:
    """One command: what draws, where, and with which arguments."""

    command: str
    inside: tuple[int, int | None] | None
    """The place in the list of the element it stands in, and which of its parts where it has
    several; None is the page itself."""
    arguments: tuple[Any, ...]
    options: dict[str, Any]


@dataclass
class _Recorder:
    """Notes the outermost drawing commands and knows the containers they gave."""

    elements: list[Element] = field(default_factory=list)
    containers: dict[int, tuple[tuple[int, int | None], Any]] = field(default_factory=dict)
    depth: int = 0

    def wrap(self, name: str, command: Callable[..., Any], bound: Any = None) -> Callable[..., Any]:
        """The command, noted."""

        @wraps(command)
        def noted(*arguments: Any, **options: Any) -> Any:
            if self.depth:
                return command(*arguments, **options)
            target, given = (bound, arguments) if bound else (arguments[0], arguments[1:])
            place, active = len(self.elements), target._active_dg
            inside = self.containers.get(id(active), (None, None))[0]
            self.elements.append(Element(name, inside, *_values(given, options)))
            self.depth += 1
            try:
                made = command(*arguments, **options)
            finally:
                self.depth -= 1
            if isinstance(made, DeltaGenerator):
                self.containers[id(made)] = (place, None), made
            if isinstance(made, list):  # columns and tabs
                for number, part in enumerate(made):
                    self.containers[id(part)] = (place, number), part
            return made

        return noted


def record(folder: DataFolder, name: str, labels: list[str], target: Path) -> None:
    """Write what a page draws for each period, by the period's label."""
    recordings: dict[str, list[Element]] = {}
    with patch.dict(os.environ, {"JOURNEY_DATA": str(folder.root)}):
        page = AppTest.from_file(str(ROOT / "pages" / f"{name}.py"), default_timeout=120)
        page.run()
        for label in labels:
            options = page.selectbox(key="period").options
            page.selectbox(key="period").select_index(options.index(label))
            recorder = _Recorder()
            with _noting(recorder):
                page.run()
            if page.exception:
                raise SystemExit(f"the page {name} failed: {page.exception[0].message}")
            recordings[label] = recorder.elements
    target.write_bytes(pickle.dumps(recordings))


@contextmanager
def _noting(recorder: _Recorder) -> Iterator[None]:
    """Streamlit with its drawing commands noted, as functions of `st` and of containers."""
    main = vars(st)["_main"]
    functions: dict[str, Any] = {
        name: recorder.wrap(name, getattr(st, name), main) for name in COMMANDS
    }
    methods: dict[str, Any] = {
        name: recorder.wrap(name, getattr(DeltaGenerator, name)) for name in COMMANDS
    }
    with patch.multiple(st, **functions), patch.multiple(DeltaGenerator, **methods):
        yield


def _values(
    arguments: tuple[Any, ...], options: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The arguments with options of a choice as they are shown, and without callables."""
    shown = options.get("format_func")
    if shown is not None:
        label, choices, *rest = arguments
        arguments = (label, [shown(choice) for choice in choices], *rest)
        default = options.get("default")
        if isinstance(default, (list, tuple)):
            options = options | {"default": [shown(one) for one in default]}
        elif default in choices:
            options = options | {"default": shown(default)}
    # A download that is made when it is asked for is an empty one here.
    given = tuple("" if callable(value) else value for value in arguments)
    options = options | {"data": ""} if callable(options.get("data")) else options
    return given, {name: value for name, value in options.items() if not callable(value)}
