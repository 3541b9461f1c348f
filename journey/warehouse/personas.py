"""Who is which persona by the rules of the configuration: found once, before the marts."""

import duckdb

from journey.config import Config
from journey.errors import ConfigError
from journey.personas import Persona

FACTS = """
    select
        person_id,
        count(*) as touches,
        count(distinct cast(occurred_at as date)) as active_days,
        min(occurred_at) as first_seen_at,
        max(occurred_at) as last_seen_at,
        count(*) filter (where stage = 'awareness') as awareness_touches,
        count(*) filter (where stage = 'consideration') as consideration_touches,
        count(*) filter (where stage = 'decision') as decision_touches,
        count(*) filter (where stage = 'purchase') as orders,
        count(*) filter (where stage = 'post_purchase') as post_purchase_touches,
        coalesce(
            sum(revenue) filter (
                where stage in ('purchase', 'post_purchase')
                    and coalesce(currency, $currency, '') = coalesce($currency, '')
            ),
            0
        ) as revenue,
        count(*) filter (where channel in (from offline_channels)) as offline_touches,
        count(distinct channel) as channels,
        arg_min(channel, place) as channel,
        arg_min(coalesce(device, 'Unknown'), place) as device,
        arg_min(coalesce(country, 'Unknown'), place) as country,
        histogram(touchpoint) as times,
        list(distinct category) filter (where category is not null) as categories,
    from (
        select
            events.* replace (labelled_events.channel as channel),
            touchpoint_stages.stage,
            struct_pack(
                at := events.occurred_at,
                nth := coalesce(events.event_index, 9223372036854775807),
                tie := events.event_id
            ) as place
        from events
        inner join labelled_events on events.event_number = labelled_events.event_number
        left join touchpoint_stages on events.touchpoint = touchpoint_stages.touchpoint
    )
    group by person_id
"""
"""What a rule may speak of: one row per person, over all that is known of them. `channel`,
`device` and `country` are the first touch's; `times['store_visited']` counts a touchpoint."""


def add_personas(
    connection: duckdb.DuckDBPyConnection, config: Config, currency: str | None
) -> None:
    """Make the table `ruled_personas` (person_id, persona): the first rule that fits a person.

    People whom no rule fits are not in it; the marts give them the persona the data says. Without
    rules it is empty, and no event is read. The marts of channels must be there: rules speak of
    channels as readers see them. Raises ConfigError where a rule cannot be used.
    """
    connection.execute("create table ruled_personas (person_id varchar, persona varchar)")
    ruled = [persona for persona in config.personas if persona.is_ruled]
    if not ruled:
        return
    given = {"currency": currency} if "$currency" in FACTS else {}
    connection.execute(f"create temp table person_facts as {FACTS}", given)
    for persona in ruled:
        condition, values = _condition(persona)
        _check(connection, persona, config.file)
        try:
            connection.execute(
                "insert into ruled_personas select person_id, $persona from person_facts as people "
                f"where ({condition}\n) "
                "and person_id not in (select person_id from ruled_personas)",
                {"persona": persona.name, **values},
            )
        except duckdb.Error as error:
            raise _refused(persona, error, config.file) from None
    connection.execute("drop table person_facts")


def _condition(persona: Persona) -> tuple[str, dict[str, object]]:
    """The rule as SQL, and its values as parameters."""
    parts = [f"({persona.rule}\n)"] if persona.rule else []
    values: dict[str, object] = {}
    for key, wanted in persona.matches.items():
        values[key] = list(wanted)
        if key == "touchpoint":
            parts.append("list_has_any(map_keys(times), $touchpoint)")
        elif key == "category":
            parts.append("list_has_any(coalesce(categories, []), $category)")
        else:
            parts.append(f"list_contains(${key}, {key})")
    return " and ".join(parts), values


def _check(connection: duckdb.DuckDBPyConnection, persona: Persona, file: str) -> None:
    """Refuse a rule that is not one condition."""
    if not persona.rule:
        return
    try:
        parsed = connection.extract_statements(f"select ({persona.rule}\n) from person_facts")
        alone = connection.extract_statements(f"select {persona.rule}\n")
    except duckdb.Error as error:
        raise _refused(persona, error, file) from None
    if len(parsed) != 1 or len(alone) != 1 or parsed[0].named_parameters:
        raise ConfigError(
            f"{file}: the rule of the persona {persona.name!r} is not one condition. Write "
            "something like: orders >= 2 and revenue > 500"
        )


def _refused(persona: Persona, error: duckdb.Error, file: str) -> ConfigError:
    """A rule that DuckDB cannot use, with its reason."""
    lines = str(error).splitlines()
    hint = next((line.strip() for line in lines if "Candidate bindings" in line), "")
    return ConfigError(
        f"{file}: the rule of the persona {persona.name!r} cannot be used: {lines[0]} "
        f"{hint}".rstrip()
        + " Mend it and build again; the snapshot in use stays."
    )
