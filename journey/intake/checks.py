"""Rows against the contract, in one SELECT: values in their types, and why a row is rejected."""

from collections.abc import Mapping

from journey.intake.contract import (
    COLUMNS,
    CORRECTION,
    DERIVED,
    EARLIEST,
    FILE,
    HELPERS,
    LINE,
    LINES,
    NUMBERS,
    SCALES,
    WHOLE,
    literal,
    quoted,
    text_of,
    value_of,
)

UNREADABLE_TIME = "unreadable time"
"""The reason of a row whose time is missing or in another form."""

UNSET_CLOCK = f"time before {EARLIEST:%-d %B %Y}, of a clock or spreadsheet not set"
"""The reason of a row whose time can be read, but is no moment of anyone's journey."""

UNREADABLE_NUMBER = "unreadable number: "
"""Begins the reason of a row with a number in another form; the column's name follows."""

OFF_SCALE = "score outside its scale"
"""The reason of a row whose score is on no scale, or not on its own."""


def checked(given: Mapping[str, str]) -> str:
    """SQL over the view `mapped`, whose columns have these types.

    Gives the contract's columns, `correction`, `reason` (null where the row is good), `row`
    (what was sent, as JSON, where it is not), `file_name`, `file_line` and `file_lines`.
    """
    types = {
        name.lower() if name.lower() in COLUMNS else name: kind for name, kind in given.items()
    }
    columns = _values(types)
    reason = _reason(types, columns)
    sent = ", ".join(f"{quoted(name)} := {quoted(name)}" for name in types if name not in HELPERS)
    columns |= {
        CORRECTION: text_of(CORRECTION, types[CORRECTION])
        if CORRECTION in types
        else "null::varchar",
        "reason": reason,
        "row": f"case when {reason} is not null then to_json(struct_pack({sent}))::varchar end",
        FILE: FILE if FILE in types else "null::varchar",
        LINE: f"{LINE}::bigint" if LINE in types else "null::bigint",
        LINES: f"{LINES}::bigint" if LINES in types else "1::bigint",
    }
    selected = ", ".join(f"{sql} as {quoted(name)}" for name, sql in columns.items())
    return f"select {selected} from mapped"


def _values(types: Mapping[str, str]) -> dict[str, str]:
    """Contract column to SQL; null where it was not sent or cannot be read."""
    raw = _raw(types)
    values = {
        name: value_of(name, types[name]) if name in types else f"null::{kind}"
        for name, kind in COLUMNS.items()
    }
    values["event_id"] = f"coalesce({raw['event_id']}, {_content(types)})"
    values["person_id"] = f"coalesce({raw['customer_id']}, {raw['anonymous_id']})"
    values["survey"] = f"lower({raw['survey']})"
    values["currency"] = f"upper({raw['currency']})"
    values["properties"] = _properties(types)
    for end, column in enumerate(("scale_min", "scale_max")):
        usual = " ".join(f"when '{survey}' then {scale[end]}" for survey, scale in SCALES.items())
        values[column] = (
            f"coalesce({values[column]}, case when {raw['score']} is not null "
            f"then case {values['survey']} {usual} end end)::double"
        )
    return values


def _raw(types: Mapping[str, str]) -> dict[str, str]:
    """Contract column to SQL for the text that was sent."""
    return {
        name: text_of(name, types[name]) if name in types else "null::varchar" for name in COLUMNS
    }


def _content(types: Mapping[str, str]) -> str:
    """SQL: a hash of what the row says, whatever the order of its columns and how many of them
    are empty."""
    said = ", ".join(
        f"{literal(name + '=')} || {text_of(name, types[name])}"
        for name in sorted(types)
        if name not in HELPERS and name != "event_id"
    )
    return f"md5(concat_ws(chr(31), {said}))"


def _reason(types: Mapping[str, str], values: Mapping[str, str]) -> str:
    """SQL: why the row is rejected; the first reason that holds."""
    raw = _raw(types)
    unreadable = " ".join(
        f"when {raw[name]} is not null and {values[name]} is null "
        f"then {literal(UNREADABLE_NUMBER + name)}"
        for name in NUMBERS
        if name in types
    )
    return (
        f"case when {values['occurred_at']} is null then {literal(UNREADABLE_TIME)} "
        f"when {values['occurred_at']} < '{EARLIEST}'::timestamp then {literal(UNSET_CLOCK)} "
        f"{unreadable} "
        f"when {raw['touchpoint']} is null then 'no touchpoint' "
        f"when {values['person_id']} is null then 'no customer and no anonymous id' "
        f"when {values['score']} < {values['scale_min']} or {values['score']} > "
        f"{values['scale_max']} or {values['scale_min']} >= {values['scale_max']} "
        f"then {literal(OFF_SCALE)} end"
    )


def column_of(reason: str) -> str | None:
    """The column whose value made a row rejected; None where it is not one value."""
    if reason in (UNREADABLE_TIME, UNSET_CLOCK):
        return "occurred_at"
    if reason.startswith(UNREADABLE_NUMBER):
        return reason.removeprefix(UNREADABLE_NUMBER)
    return "score" if reason == OFF_SCALE else None


def expected(reason: str) -> str | None:
    """The form in which the column's values are read; None where the reason says it."""
    if reason == UNREADABLE_TIME:
        return "2026-05-01T14:30:00Z"
    if not reason.startswith(UNREADABLE_NUMBER):
        return None
    if COLUMNS[reason.removeprefix(UNREADABLE_NUMBER)] == WHOLE:
        return "1234, a whole number without a mark for thousands"
    return "1234.56, a point before the decimals and no mark for thousands"


def _properties(types: Mapping[str, str]) -> str:
    """SQL: the properties sent, with every column beyond the contract added to them."""
    known = set(COLUMNS) | DERIVED | HELPERS
    beyond = [name for name in types if name not in known]
    added = ", ".join(f"{literal(name)}, {_as_json(name, types[name])}" for name in beyond)
    given = "null::json"
    if "properties" in types:
        kind = types["properties"]
        sent = "to_json(properties)::varchar" if _nests(kind) else text_of("properties", kind)
        given = (
            f"case when json_valid({sent}) and json_type(case when json_valid({sent}) "
            f"then {sent} end) = 'OBJECT' then {sent}::json "
            f"when {sent} is not null then json_object('properties', {sent}) end"
        )
    if not beyond:
        return f"({given})"
    # A merge patch leaves out nulls, so a column that is empty adds nothing.
    merged = f"json_merge_patch(coalesce({given}, '{{}}'::json), json_object({added}))"
    return f"nullif({merged}::varchar, '{{}}')::json"


def _as_json(name: str, kind: str) -> str:
    """SQL: a column as JSON can hold it, which knows no NaN and no infinity."""
    column = quoted(name)
    if kind in ("DOUBLE", "FLOAT"):
        return f"case when isfinite({column}) then {column} end"
    if kind == "VARCHAR":
        return text_of(name, kind)
    if not _nests(kind) and kind != "JSON":
        return column
    text = f"to_json({column})::varchar"
    mended = f"regexp_replace({text}, '(^|[:,\\[])-?(NaN|Infinity)', '\\1null', 'g')"
    return (
        f"case when {text} like '%NaN%' or {text} like '%Inf%' then {mended} else {text} end::json"
    )


def _nests(kind: str) -> bool:
    """Whether a type holds values within values."""
    return kind.startswith(("STRUCT", "MAP", "UNION")) or kind.endswith("]")
