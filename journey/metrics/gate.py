"""The SQL gate: what a metric's SQL may be and touch, by DuckDB's own parser.

A metric is one SELECT over the serving tables. Words alone cannot tell: `copy ... to` may hide
in a common table expression and a file name may stand where a table does, so the parsed tree
is what is checked, against lists of what is allowed.
"""

import json
from collections.abc import Iterator
from typing import Any

import duckdb

FILTERED = frozenset(
    {
        *("touches", "payments", "journeys", "orders", "responses", "mentions", "requests"),
        *("carts", "people", "daily", "friction", "ways", "sequence", "visits", "found_mentions"),
        *("switches", "order_channels", "occasions"),
        *("assignments", "outcomes", "crossroads", "standings", "moves", "checkouts"),
        "handovers",
    }
)
"""Tables that hold what the reader's filter chose."""

UNFILTERED = frozenset(
    {
        *("all_touches", "all_payments", "all_orders", "all_visits"),
        *("all_journeys", "all_carts", "all_responses", "all_checkouts"),
    }
)
"""The same tables whatever the filter: for what people whom it chose did elsewhere."""

PLAIN = frozenset(
    {
        *("stages", "touchpoint_stages", "error_touchpoints", "offline_channels", "ways_told"),
        *("touchpoints", "traits", "segments", "found_themes", "passages"),
        *("traffic", "traffic_channels", "own_hosts"),
        *("deliveries", "rejections", "snapshot"),
    }
)
"""Tables that no filter can concern."""

TABLES = FILTERED | UNFILTERED | PLAIN | {"events"}
"""What a metric may read."""

_NODES = {"SELECT_NODE", "SET_OPERATION_NODE", "CTE_NODE", "RECURSIVE_CTE_NODE"}
_TABLE_FUNCTIONS = {"range", "generate_series", "unnest"}
_HIDDEN_STATE = {
    "getvariable",
    "current_setting",
    "getenv",
    "json_execute_serialized_sql",
    "nextval",
    "currval",
    "write_log",
    "txid_current",
    "current_query",
}
_CLOCK = {
    "now",
    "today",
    "current_date",
    "current_time",
    "current_timestamp",
    "current_localtime",
    "current_localtimestamp",
    "localtime",
    "localtimestamp",
    "get_current_time",
    "get_current_timestamp",
    "transaction_timestamp",
}
_CHANCE = {"random", "setseed", "uuid", "gen_random_uuid", "uuidv4", "uuidv7"}


class RefusedError(Exception):
    """Why the gate stays shut, with the line where it is known."""

    def __init__(self, cause: str, remedy: str, line: int | None = None) -> None:
        super().__init__(f"{cause} {remedy}")
        self.line = line


def pass_gate(connection: duckdb.DuckDBPyConnection, sql: str) -> frozenset[str]:
    """Give back the parameters' names, where the SQL may run; raise RefusedError where not."""
    try:
        statements = connection.extract_statements(sql)
    except duckdb.Error as error:
        raise RefusedError(_first_line(error), "Mend the SQL there.", _line_of(error)) from None
    if len(statements) != 1:
        raise RefusedError(
            f"There are {len(statements)} statements.", "A metric is exactly one SELECT."
        )
    if statements[0].type != duckdb.StatementType.SELECT:
        kind = str(statements[0].type).rpartition(".")[2].replace("MULTI", "PIVOT or several")
        raise RefusedError(f"This is {kind}, not SELECT.", "A metric is exactly one SELECT.")
    answer = connection.sql("select json_serialize_sql($sql)", params={"sql": sql}).fetchall()
    tree = json.loads(answer[0][0])
    if tree["error"]:
        raise RefusedError(str(tree["error_message"]), "A metric is exactly one SELECT.")
    read = set()
    for node, steps in _nodes(tree["statements"]):
        if node.get("type") == "BASE_TABLE":
            read.add(str(node["table_name"]).lower())
        try:
            _check(node, steps)
        except RefusedError as refusal:
            position = node.get("query_location", len(sql))
            if position < len(sql.encode()):
                refusal.line = sql.encode()[:position].count(b"\n") + 1
            raise
    if read & UNFILTERED and not read & FILTERED:
        raise RefusedError(
            f"It reads {', '.join(sorted(read & UNFILTERED))} alone, past the reader's filter.",
            "Join it to a table that the filter lies beneath, like orders.",
        )
    return frozenset(statements[0].named_parameters)


def _nodes(
    tree: Any, steps: frozenset[str] = frozenset()
) -> Iterator[tuple[dict[str, Any], frozenset[str]]]:
    """Every object in the tree, with the names of the query's own steps in sight there.

    A step sees the steps before it, and itself only where it recurs: any other use of its name
    would be read from the catalog.
    """
    if isinstance(tree, dict):
        for entry in tree.get("cte_map", {}).get("map", []):
            yield from _nodes(entry["value"], steps)
            steps |= {entry["key"].lower()}
        yield tree, steps
        for name, value in tree.items():
            recurs = name == "right" and tree.get("type") == "RECURSIVE_CTE_NODE"
            if name != "cte_map":
                yield from _nodes(value, steps | {tree["cte_name"].lower()} if recurs else steps)
    elif isinstance(tree, list):
        for value in tree:
            yield from _nodes(value, steps)


def _check(node: dict[str, Any], steps: frozenset[str]) -> None:
    """Refuse a node that is not on the lists."""
    kind = str(node.get("type", ""))
    if kind.endswith("_NODE") and kind not in _NODES:
        raise RefusedError(
            f"It holds {kind.removesuffix('_NODE').replace('_', ' ').lower()}.",
            "A metric only reads: keep to SELECT.",
        )
    if kind == "SHOW_REF":
        raise RefusedError(
            "This is SHOW or DESCRIBE, not SELECT.", "A metric is exactly one SELECT."
        )
    if node.get("sample"):
        raise RefusedError("It takes a sample.", "An answer must be the same every time.")
    if kind == "BASE_TABLE":
        _check_table(node, steps)
    if kind == "TABLE_FUNCTION":
        name = str(node["function"]["function_name"]).lower()
        if name not in _TABLE_FUNCTIONS:
            raise RefusedError(
                f"It reads from the function {name}().",
                f"A metric reads the serving tables; of functions only "
                f"{', '.join(sorted(_TABLE_FUNCTIONS))}.",
            )
    if node.get("class") == "FUNCTION":
        name = str(node["function_name"]).lower()
        # With one moment only, age() counts from today.
        _check_name("today" if name == "age" and len(node["arguments"]) == 1 else name)
    if node.get("class") == "COLUMN_REF" and len(node["column_names"]) == 1:
        name = str(node["column_names"][0]).lower()
        if name in _CLOCK:
            _check_name(name)


def _check_table(node: dict[str, Any], steps: frozenset[str]) -> None:
    """Refuse tables that are neither serving tables nor the query's own steps."""
    name = str(node["table_name"]).lower()
    place = [str(node.get(part) or "").lower() for part in ("catalog_name", "schema_name")]
    # A name with a schema is never one of the query's own steps.
    known = TABLES if any(place) else TABLES | steps
    if any(part not in ("", "main") for part in place) or name not in known:
        shown = ".".join([part for part in place if part] + [name])
        raise RefusedError(
            f"It reads {shown!r}.",
            f"A metric reads the serving tables: {', '.join(sorted(TABLES))}.",
        )


def _check_name(name: str) -> None:
    """Refuse functions that read the clock, throw dice or look at what is hidden."""
    if name in _CLOCK:
        raise RefusedError(
            f"It asks the clock with {name}.", "Use $as_of, so the answer can be repeated."
        )
    if name in _CHANCE:
        raise RefusedError(
            f"It throws dice with {name}().", "An answer must be the same every time."
        )
    if name in _HIDDEN_STATE:
        raise RefusedError(f"It uses {name}().", "Use the parameters $since, $until and $as_of.")


def _first_line(error: Exception) -> str:
    """The error in its first line, ended like a sentence."""
    return str(error).splitlines()[0].rstrip(".") + "."


def _line_of(error: Exception) -> int | None:
    """The line DuckDB names in its error, if any."""
    for line in str(error).splitlines():
        if line.startswith("LINE "):
            return int(line.removeprefix("LINE ").partition(":")[0])
    return None
