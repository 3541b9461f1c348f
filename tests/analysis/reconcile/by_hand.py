"""What a declaration comes to, counted in plain Python over the rows of the serving tables."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from journey.metrics.counts import Counts
from journey.metrics.filters import SEGMENTS, Filters
from tests.world import Business

HOURS = {"conversion": 30 * 24, "repeat": 90 * 24, "cart": 24, "7 days": 7 * 24}


@dataclass
class Case:
    """One thing that happened."""

    person: str
    journey: int
    at: datetime
    place: int
    goal_at: datetime | None
    is_known: bool
    chosen: dict[str, str]


class ByHand:
    """The rows of a business, to be counted one by one."""

    def __init__(self, business: Business) -> None:
        self.zone = ZoneInfo(business.config.time_zone)
        self.journeys = {
            (row["person_id"], row["journey_number"]): row for row in business.table("journeys")
        }
        self.orders = sorted(
            business.table("orders"), key=lambda row: (row["person_id"], row["order_number"])
        )

    def count(self, counts: Counts, filters: Filters) -> tuple[int, int]:
        """How many cases count, and of how many."""
        cases = sorted(self._cases(counts), key=lambda case: (case.at, case.place))
        seen: set[Any] = set()
        scope = []
        for case in cases:
            key = {
                "person": case.person,
                "journey": (case.person, case.journey),
            }.get(counts.unit, object())
            if key not in seen and self._is_asked(case, counts, filters):
                scope.append((case, True))
            elif self._is_asked(case, counts, filters):
                scope.append((case, False))
            seen.add(key)
        part = whole = 0
        met: set[Any] = set()
        for place, (case, is_first) in enumerate(scope):
            day = self._day(self._clock(case, counts))
            key = {
                "person_in_period": case.person,
                "person_month": (case.person, day.year, day.month),
            }.get(counts.unit, object())
            if key in met or not is_first:
                continue
            met.add(key)
            if counts.closed and case.at + timedelta(hours=HOURS[counts.closed]) > filters.as_of:
                continue
            goal_at = case.goal_at
            if counts.goal == "another_order":
                later = [other.at for other, _ in scope[place + 1 :] if other.person == case.person]
                goal_at = later[0] if later else None
            whole += 1
            part += self._reaches(case, goal_at, counts, filters)
        return part, whole

    def _cases(self, counts: Counts) -> Iterator[Case]:
        """All that happened, of the kind that is counted."""
        if counts.event == "journey":
            for (person, number), row in self.journeys.items():
                if not row["is_orphan"]:
                    goal_at = {"purchase": row["purchase_at"], "looking": row["consideration_at"]}
                    yield Case(
                        *(person, number, row["started_at"], number),
                        goal_at[counts.goal] if counts.goal else None,
                        row["is_identified"],
                        row,
                    )
        for row in self.orders if counts.event == "order" else ():
            following = [
                other["ordered_at"]
                for other in self.orders
                if other["person_id"] == row["person_id"]
                and other["order_number"] == row["order_number"] + 1
            ]
            goals = {
                "next_order": following[0] if following else None,
                "refund": row["first_refund_at"],
                "another_order": None,
                "repeated": row["ordered_at"] if row["order_number"] > 1 else None,
            }
            yield Case(
                *(row["person_id"], row["journey_number"], row["ordered_at"], row["order_number"]),
                goals[counts.goal] if counts.goal else None,
                row["is_identified"],
                self.journeys[row["person_id"], row["journey_number"]],
            )

    def _clock(self, case: Case, counts: Counts) -> datetime:
        """The moment that says into which period a case falls."""
        if counts.clock == "start":
            started: datetime = self.journeys[case.person, case.journey]["started_at"]
            return started
        return case.at

    def _is_asked(self, case: Case, counts: Counts, filters: Filters) -> bool:
        """Whether a case is of the period, known, and of those chosen."""
        clock = self._clock(case, counts)
        return (
            filters.since <= self._day(clock) < filters.until
            and max(case.at, clock) <= filters.as_of
            and (case.is_known or not counts.identified)
            and all(case.chosen[SEGMENTS[key]] in kept for key, kept in filters.where.items())
        )

    def _reaches(
        self, case: Case, goal_at: datetime | None, counts: Counts, filters: Filters
    ) -> bool:
        """Whether a case counts."""
        if counts.goal is None:
            return True
        in_time = goal_at is not None and goal_at <= filters.as_of
        if in_time and goal_at is not None and counts.window == "period":
            in_time = self._day(goal_at) < filters.until
        elif in_time and goal_at is not None and counts.window != "known":
            in_time = goal_at - case.at <= timedelta(hours=HOURS[counts.window])
        return in_time == counts.reached

    def _day(self, at: datetime) -> date:
        """The day in the reporting time zone."""
        return at.replace(tzinfo=UTC).astimezone(self.zone).date()
