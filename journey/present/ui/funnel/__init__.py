"""The funnel page: the way a reader chooses, where it is left, and what goes with that."""

from journey.present.ui.funnel import groups, left, steps, times
from journey.present.ui.funnel.asked import Asked
from journey.present.ui.page import Page


class Funnel:
    """The cards of a funnel, each drawn where it is called."""

    def __init__(self, page: Page) -> None:
        self._asked = Asked(page)
        groups.begin(self._asked)

    def step_by_step(self) -> None:
        """The steps themselves: the leading picture."""
        steps.step_by_step(self._asked)

    def times(self) -> None:
        """Time between two steps, and the course in time, side by side."""
        times.beside(self._asked)

    def broken_down(self) -> None:
        """The funnel for each value of something."""
        groups.broken_down(self._asked)

    def drivers(self) -> None:
        """What goes with going on between two steps."""
        groups.drivers(self._asked)

    def compared(self) -> None:
        """The funnel against the span before, or another group."""
        groups.compared(self._asked)

    def open_entry(self) -> None:
        """The steps where people may come in at any of them."""
        steps.open_entry(self._asked)

    def money(self) -> None:
        """Amounts through the steps."""
        steps.money(self._asked)

    def who_left(self) -> None:
        """Who left at a step: how many, a list, a segment."""
        left.who_left(self._asked)
