"""What a new snapshot must hold before it may be shown."""

import duckdb

from journey.errors import WarehouseError

_PROMISES = {
    "every event is in touches exactly once": """
        select (select count(*) from events), (select count(*) from touches)
    """,
    "every touch is in one journey": """
        select (select count(*) from sequence), (select sum(touches)::bigint from journeys)
    """,
    "every order is in orders": """
        select (select count(*) from sequence where is_order), (select count(*) from orders)
    """,
    "every journey holds at most one order": """
        select (select count(*) from orders),
            (select count(*) from journeys where purchase_at is not null)
    """,
    "every journey but the orphans took one way": """
        select (select count(*) from journeys where not is_orphan), (select count(*) from ways)
    """,
    "every amount is in one journey": """
        select (select coalesce(sum(amount), 0) from payments where is_reporting_currency),
            (select coalesce(sum(revenue), 0) from journeys)
    """,
    "every comment is in responses": """
        select (select count(*) from comment_readings),
            (select count(*) from responses where comment is not null)
    """,
    "every mention of a theme is in mentions": """
        select (select count(*) from comment_themes), (select count(*) from mentions)
    """,
    "every comment with a found theme is in found_mentions": """
        select (select count(*) from comment_discoveries), (select count(*) from found_mentions)
    """,
    "every touch is in daily": """
        select (select count(*) from sequence), (select sum(touches)::bigint from daily)
    """,
    "every request about a touchpoint is in occasions": """
        select (select count(*) from requests where about_touchpoint is not null),
            (
                select coalesce(sum(asked), 0)::bigint from occasions
                where touchpoint in (select about_touchpoint from requests)
            )
    """,
    "everyone who met an experiment is in assignments once": """
        select
            (
                select count(distinct (person_id, experiment)) from events
                where experiment is not null and variant is not null
            ),
            (select count(*) from assignments)
    """,
    "every journey that reached a stage stood at one": """
        select (select count(*) from journeys where not is_orphan and deepest > 0),
            (select count(distinct (person_number, journey_number)) from crossroads)
    """,
    "every journey but the orphans stood at the first place": """
        select (select count(*) from journeys where not is_orphan),
            (select count(*) from standings where place_number = 1)
    """,
    "every journey but the orphans set out once": """
        select (select count(*) from journeys where not is_orphan),
            (select coalesce(sum(moves), 0)::bigint from moves where from_place = 0)
    """,
    "every session with a checkout has one in checkouts": """
        select
            (
                select count(distinct (person_number, session_number))
                from sequence inner join touchpoints using (touchpoint_number)
                where touchpoint = 'checkout_started'
            ),
            (select count(*) from checkouts)
    """,
    "every order within its window was moved to": """
        select (select count(*) from journeys where not is_orphan and deepest_in_window >= 4),
            (select count(*) from moves where to_place = 5)
    """,
    "every journey's person is in people": """
        select (select count(distinct person_number) from journeys), (select count(*) from people)
    """,
}
"""What must agree before a snapshot may be shown: two numbers from two tables."""


def hold(connection: duckdb.DuckDBPyConnection) -> None:
    """Raises WarehouseError with the first promise that the tables do not hold."""
    for promise, sql in _PROMISES.items():
        left, right = connection.sql(sql).fetchall()[0]
        if left != right:
            raise WarehouseError(
                f"The new snapshot failed its check that {promise}: {left} against {right}. The "
                "snapshot in use stays. Undo the last change to queries/marts/ and build again."
            )
