"""The channels of touches that came without one, for the build to join.

Each way in is classified once, however many touches took it, and anew at each build: an edited
journey.toml leaves nothing stale.
"""

import duckdb
import polars as pl

from journey.channels.classify import Classifier
from journey.channels.platforms import PROPERTIES
from journey.channels.settings import ChannelSettings
from journey.channels.traffic import UNASSIGNED, Traffic

FIELDS = ("source", "medium", "campaign", "referrer_host")

PLACEMENT = "coalesce({})".format(
    ", ".join(
        f"'{platform}:' || (properties ->> '$.{name}')" for platform, name in PROPERTIES.items()
    )
)
"""SQL: what a linked ad platform says of the click, from an event's properties."""

NOT_GIVEN = f"(channel is null or channel = '{UNASSIGNED}')"
"""SQL: whether an event came without a channel. Stores of earlier versions say Unassigned."""


def write_traffic(connection: duckdb.DuckDBPyConnection, settings: ChannelSettings) -> None:
    """The tables `traffic_channels`, one row per way in of the view `events` that says something
    (texts that are missing are empty), and `own_hosts`."""
    known = connection.sql(
        f"""
        select distinct
            {", ".join(f"coalesce({name}, '') as {name}" for name in FIELDS)},
            coalesce({PLACEMENT}, '') as placement
        from events
        where
            {NOT_GIVEN}
            and ({" or ".join(f"{name} is not null" for name in FIELDS)}
                or {PLACEMENT} is not null)
        """
    ).pl()
    classifier = Classifier(settings)
    channels = [
        classifier.channel(Traffic(*(text or None for text in row))) for row in known.iter_rows()
    ]
    rows = known.with_columns(pl.Series("channel", channels, dtype=pl.String)).drop_nulls()
    connection.register("classified", rows.sort(pl.all()).to_arrow())
    connection.execute("create table traffic_channels as select * from classified")
    connection.unregister("classified")
    connection.execute("create table own_hosts (host varchar)")
    for host in sorted(settings.own_hosts):
        connection.execute("insert into own_hosts values ($1)", [host])
