"""The event contract: the columns of the event store, and how a raw value becomes one."""

from datetime import date

TEXT, TIME, MONEY = "VARCHAR", "TIMESTAMP", "DECIMAL(18,4)"
WHOLE, REAL, JSON = "BIGINT", "DOUBLE", "JSON"

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
"""Column to type. What depends on the configuration or on other rows (the stage, a channel
that was not given, whether it is online, a session that was not given) is worked out by `build`,
so that an edited journey.toml or a late row never leaves a stale value in the store."""

DERIVED = {"person_id", "stage", "is_online"}
"""Columns that a source does not send; what it sends under these names is not used."""

NUMBERS = [name for name, kind in COLUMNS.items() if kind in (MONEY, WHOLE, REAL)]

EARLIEST = date(1970, 1, 2)
"""The first day of a customer's journey: the day before, and those of year 1 and 1900, are where
clocks and spreadsheets stand that nobody set."""

LARGEST = 1e12
"""A score or an end of a scale beyond this is no number anyone meant; infinity among them."""

SCALES = {"csat": (1, 5), "nps": (0, 10), "ces": (1, 7)}
"""The scale of a score that comes without one: the survey's usual scale."""

CORRECTION = "correction"
"""A format may say in this column what it had to put right in a row; it is counted."""

FILE, LINE, LINES = "file_name", "file_line", "file_lines"
"""Where a row comes from, for the quarantine: the file, its place in the file, and, where a
format sums up several lines of the file in one row, how many."""

HELPERS = {CORRECTION, FILE, LINE, LINES}
"""Columns that a format may give beside the contract's."""

BLANKS = "' ' || chr(9) || chr(10) || chr(13)"
"""SQL: what is cut off both ends of a text."""


def quoted(name: str) -> str:
    """The name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """The text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def text_of(name: str, raw_type: str) -> str:
    """SQL: the column as trimmed text, blank as null."""
    text = f"({quoted(name)} ->> '$')" if raw_type == JSON else f"{quoted(name)}::varchar"
    return f"nullif(trim({text}, {BLANKS}), '')"


def value_of(name: str, raw_type: str) -> str:
    """SQL: the column in its contract type; null where it cannot be read.

    Times without an offset are UTC. Numbers must be finite, whole numbers whole.
    """
    kind = COLUMNS[name]
    text = text_of(name, raw_type)
    if kind == TIME:
        if raw_type in ("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "DATE"):
            instant = f"{quoted(name)}::timestamp"
        else:
            instant = f"(try_cast({text} as timestamptz) at time zone 'UTC')"
        # Python's years, which leave out infinity as well.
        return (
            f"(case when {instant} >= '0001-01-01'::timestamp "
            f"and {instant} < '10000-01-01'::timestamp then {instant} end)"
        )
    if kind == REAL:
        number = f"try_cast({text} as double)"
        return f"(case when abs({number}) < {LARGEST} then {number} end)"
    if kind == MONEY:
        return quoted(name) if raw_type == MONEY else f"try_cast({text} as {MONEY})"
    if kind == WHOLE:
        if raw_type in ("TINYINT", "SMALLINT", "INTEGER", "BIGINT"):
            return f"{quoted(name)}::bigint"
        number = f"try_cast({text} as decimal(38, 9))"
        return f"(case when {number} = trunc({number}) then try_cast({number} as bigint) end)"
    return text
