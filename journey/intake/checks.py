"""Rows against the contract, in one SELECT: values in their types, and why a row is rejected."""

from journey.intake.contract import (
    COLUMNS,
    CORRECTION,
    DERIVED,
    NUMBERS,
    SCALES,
    quoted,
    text_of,
    value_of,
)
from journey.intake.reading import FILE, LINE

BROKEN = "broken row"
"""The reason of a row that cannot be split into columns."""

_HELPERS = (FILE, LINE, CORRECTION)


def checked(types: dict[str, str]) -> str:
    """SQL over the view `mapped`, whose columns have these types.

    Gives the contract's columns, `correction`, `reason` (null where the row is good), `row`
    (what was sent, as JSON, where it is not), `file_name` and `file_line`.
    """
    columns = _values(types)
    reason = _reason(types, columns)
    sent = ", ".join(f"{quoted(name)} := {quoted(name)}" for name in types if name not in _HELPERS)
    columns |= {
        CORRECTION: text_of(CORRECTION) if CORRECTION in types else "null::varchar",
        "reason": reason,
        "row": f"case when {reason} is not null then to_json(struct_pack({sent}))::varchar end",
        FILE: FILE if FILE in types else "null::varchar",
        LINE: f"{LINE}::bigint" if LINE in types else "null::bigint",
    }
    return "select " + ", ".join(f"{sql} as {quoted(name)}" for name, sql in columns.items()) + (
        " from mapped"
    )


def _values(types: dict[str, str]) -> dict[str, str]:
    """Contract column to SQL; null where it was not sent or cannot be read."""
    raw = _raw(types)
    values = {
        name: value_of(name, types[name]) if name in types else f"null::{kind}"
        for name, kind in COLUMNS.items()
    }
    content = ", ".join(
        f"coalesce({quoted(name)}::varchar, chr(0))"
        for name in types
        if name not in (FILE, LINE, "event_id")
    )
    values["event_id"] = f"coalesce({raw['event_id']}, md5(concat_ws(chr(31), {content})))"
    values["person_id"] = f"coalesce({raw['customer_id']}, {raw['anonymous_id']})"
    values["channel"] = f"coalesce({raw['channel']}, 'Unassigned')"
    values["survey"] = f"lower({raw['survey']})"
    values["properties"] = _properties(types)
    for end, column in enumerate(("scale_min", "scale_max")):
        usual = " ".join(f"when '{survey}' then {scale[end]}" for survey, scale in SCALES.items())
        values[column] = (
            f"coalesce({values[column]}, case when {raw['score']} is not null "
            f"then case {values['survey']} {usual} end end)::double"
        )
    return values


def _raw(types: dict[str, str]) -> dict[str, str]:
    """Contract column to SQL for the text that was sent."""
    return {name: text_of(name) if name in types else "null::varchar" for name in COLUMNS}


def _reason(types: dict[str, str], values: dict[str, str]) -> str:
    """SQL: why the row is rejected; the first reason that holds."""
    raw = _raw(types)
    unreadable = " ".join(
        f"when {raw[name]} is not null and {values[name]} is null then 'unreadable number: {name}'"
        for name in NUMBERS
        if name in types
    )
    return (
        f"case when {values['occurred_at']} is null then 'unreadable time' {unreadable} "
        f"when {raw['touchpoint']} is null then 'no touchpoint' "
        f"when {values['person_id']} is null then 'no customer and no anonymous id' "
        f"when {values['score']} < {values['scale_min']} or {values['score']} > "
        f"{values['scale_max']} then 'score outside its scale' end"
    )


def _properties(types: dict[str, str]) -> str:
    """SQL: the properties sent, with every column beyond the contract added to them."""
    known = set(COLUMNS) | DERIVED | set(_HELPERS)
    beyond = [name for name in types if name not in known]
    literal = {name: "'" + name.replace("'", "''") + "'" for name in beyond}
    added = ", ".join(f"{literal[name]}, {quoted(name)}" for name in beyond)
    sent = text_of("properties") if "properties" in types else "null::varchar"
    given = (
        f"case when json_valid({sent}) then {sent}::json "
        f"when {sent} is not null then json_object('properties', {sent}) end"
    )
    if not beyond:
        return f"({given})"
    # A merge patch leaves out nulls, so a column that is empty adds nothing.
    merged = f"json_merge_patch(coalesce({given}, '{{}}'::json), json_object({added}))"
    return f"nullif({merged}::varchar, '{{}}')::json"
