"""The event contract: the columns of the event store, and how a raw value becomes one."""

TEXT, TIME, MONEY, WHOLE, REAL, JSON = "VARCHAR", "TIMESTAMP", "DECIMAL(18,4)", "BIGINT", "DOUBLE", "JSON"

COLUMNS = {
    "event_id": TEXT,
    "occurred_at": TIME,
    "event_index": WHOLE,
    "customer_id": TEXT,
    "anonymous_id": TEXT,
    "person_id": TEXT,
    "session_id": TEXT,
    "touchpoint": TEXT,
    "channel": TEXT,
    "source": TEXT,
    "medium": TEXT,
    "campaign": TEXT,
    "referrer_host": TEXT,
    "device": TEXT,
    "country": TEXT,
    "persona": TEXT,
    "product_id": TEXT,
    "category": TEXT,
    "cart_id": TEXT,
    "order_id": TEXT,
    "revenue": MONEY,
    "currency": TEXT,
    "quantity": WHOLE,
    "survey": TEXT,
    "score": REAL,
    "scale_min": REAL,
    "scale_max": REAL,
    "comment": TEXT,
    "language": TEXT,
    "experiment": TEXT,
    "variant": TEXT,
    "properties": JSON,
}
"""Column to type. What depends on the configuration or on other rows (the stage, whether a
channel is online, a session that the source did not give) is worked out by `build`, so that
an edited journey.toml or a late row never leaves a stale value in the store."""

DERIVED = {"person_id", "stage", "is_online"}
"""Columns that a source does not send; what it sends under these names is not used."""

NUMBERS = [name for name, kind in COLUMNS.items() if kind in (MONEY, WHOLE, REAL)]

SCALES = {"csat": (1, 5), "nps": (0, 10), "ces": (1, 7)}
"""The scale of a score that comes without one: the survey's usual scale."""

CORRECTION = "correction"
"""A source may say in this column what it had to put right in a row; it is counted."""


def quoted(name: str) -> str:
    """The name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def text_of(name: str) -> str:
    """SQL: the column as trimmed text, blank as null."""
    return f"nullif(trim({quoted(name)}::varchar), '')"


def value_of(name: str, raw_type: str) -> str:
    """SQL: the column in its contract type; null where it cannot be read.

    Times without an offset are UTC. Numbers must be finite.
    """
    kind = COLUMNS[name]
    if kind == TIME:
        if raw_type in ("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "DATE"):
            instant = f"{quoted(name)}::timestamp"
        else:
            instant = f"(try_cast({text_of(name)} as timestamptz) at time zone 'UTC')"
        return f"(case when isfinite({instant}) then {instant} end)"
    if kind == REAL:
        number = f"try_cast({text_of(name)} as double)"
        return f"(case when isfinite({number}) then {number} end)"
    if kind in (MONEY, WHOLE):
        if raw_type == kind:
            return quoted(name)
        return f"try_cast({text_of(name)} as {kind})"
    return text_of(name)
