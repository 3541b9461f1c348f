"""What a reader may choose: the period, the as-of and the segments; and how it reads."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from journey.errors import MetricError, suggest
from journey.metrics import segments

SEGMENTS = {
    "channel": "entry_channel",
    "persona": "persona",
    "device": "device",
    "country": "country",
}
"""Filter to the column of the serving tables it selects whole journeys by."""

PEOPLE = "segment"
"""The filter that selects people, and so all of their journeys: names of segment files."""


@dataclass(frozen=True)
class Filters:
    """One question's frame. Spans are half-open: from `since` up to, not including, `until`."""

    since: date
    until: date
    as_of: datetime
    """UTC; what is not known by then does not count."""
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Filter to the values chosen; a filter that is not here selects all."""
    outside: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """A choice that is left out, written as `where` is: of the rows that `where` chooses, those
    that this would choose too do not count. Everyone else than a group is outside of it."""
    time_zone: str = "UTC"
    """The reporting time zone, in which days begin."""

    def __post_init__(self) -> None:
        if self.until <= self.since:
            raise MetricError(
                f"The period {self.since} to {self.until} is empty. Give an --until after --since; "
                "the day of --until itself does not count."
            )
        for name in (*self.where, *self.outside):
            if name not in (*SEGMENTS, PEOPLE):
                raise MetricError(
                    f"There is no filter {name!r}.{suggest(name, (*SEGMENTS, PEOPLE))} "
                    f"Filter by {', '.join((*SEGMENTS, PEOPLE))}."
                )

    @property
    def people(self) -> tuple[str, ...]:
        """The segments whose people are chosen; none means everyone."""
        return self.where.get(PEOPLE, ())

    @property
    def as_of_day(self) -> date:
        """The day of the as-of in the reporting time zone: the last one that counts where things
        are counted by the day."""
        try:
            return self.as_of.replace(tzinfo=UTC).astimezone(ZoneInfo(self.time_zone)).date()
        except OverflowError:  # the last or first day there is
            return self.as_of.date()

    @property
    def days(self) -> int:
        """The length of the period."""
        return (self.until - self.since).days

    def before(self) -> "Filters":
        """The span of the same length before this one, seen from the same as-of. Raises
        MetricError where it would begin before the calendar does."""
        return self._earlier(self.days)

    def year_before(self) -> "Filters":
        """The same span 52 weeks earlier, so that weekdays match. Raises MetricError where it would
        begin before the calendar does."""
        return self._earlier(52 * 7)

    def _earlier(self, days: int) -> "Filters":
        """The same span so many days earlier."""
        if (self.since - date.min).days < days:
            raise MetricError(
                f"There are not {days:,} days before {self.since} to compare with: the calendar "
                f"begins on {date.min}. Choose days that begin later."
            )
        earlier = timedelta(days=days)
        return replace(self, since=self.since - earlier, until=self.until - earlier)

    def key(self) -> tuple[object, ...]:
        """A value that is the same for the same choices, for caches. A segment file that was
        changed is another choice. Raises MetricError where one cannot be read."""
        chosen, left_out = (
            tuple(sorted((name, tuple(values)) for name, values in choice.items()))
            for choice in (self.where, self.outside)
        )
        named = (*self.people, *self.outside.get(PEOPLE, ()))
        files = tuple(segments.find(name).sql for name in named)
        return self.since, self.until, self.as_of, chosen, left_out, files


def parse_where(words: list[str]) -> dict[str, tuple[str, ...]]:
    """`channel=Email channel=Direct device=mobile` as a filter; values of one name are a choice."""
    where: dict[str, tuple[str, ...]] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not value:
            raise MetricError(f"{word!r} is not a filter. Write it as in channel=Email.")
        where[name] = tuple(dict.fromkeys((*where.get(name, ()), value)))
    return where
