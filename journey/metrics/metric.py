"""Metric files: read, checked and listed. The folder is the page, the file name the name."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

import duckdb

from journey.errors import MetricError, suggest
from journey.intake.sources import queries_folder
from journey.metrics.counts import Counts, parse
from journey.metrics.gate import RefusedError, pass_gate

KEYS = ("title", "question", "chart", "unit", "better", "grain")
"""What a header must say, each once."""

COUNTS = r"counts(_[a-z][a-z0-9_]*)?"
"""What a header may say besides: what the card's number counts, and what a column of it counts
that is another number than the card's."""

CHARTS = {
    "line": "a date, then one or more numbers",
    "stacked": "a date, a word, a number",
    "bar": "a word, then a number",
    "rate": "a date or a word first; the part and the whole last",
    "funnel": "a stage, then a count",
    "nps": "a date or a word, then promoters, passives, detractors, responses",
    "score": "a date or a word, then the sum of scores, who agrees, responses",
    "quantiles": "percentiles in order, then the count",
    "matrix": "two words, then measures, the part and the whole last",
    "measures": "a word, then measures: counts, NAME_part and NAME_whole, and so on",
    "survival": "a word, days since, how many it happened to that day, how many it still could",
    "curve": "a word, a number that counts up, then one measure",
    "table": "any columns",
}
"""Kind of chart to the columns it needs."""

UNITS_WITH_SIGN = ("percent", "money", "days", "hours", "points", "score")
BETTER = ("higher", "lower", "neither")
PARAMETERS = frozenset({"since", "until", "as_of", "as_of_day"})
_MEASURED = {
    "rate": ("share",),
    "nps": ("nps",),
    "score": ("mean",),
    "quantiles": ("median",),
    "funnel": ("count",),
    **dict.fromkeys(("line", "stacked", "bar"), ("count", "money")),
}
"""Kind of chart to what its number may be a measure of."""

_NOT_PAGES = ("sources", "marts", "segments")


@dataclass(frozen=True)
class Metric:
    """One question and the SELECT that answers it in counts."""

    name: str
    page: str
    path: Path
    title: str
    question: str
    chart: str
    unit: str
    better: str
    grain: str
    notes: str
    """The definition and its traps, as paragraphs."""
    sql: str
    parameters: frozenset[str]
    counts: Mapping[str, Counts] = field(default_factory=dict)
    """What it declares to count: of the card's own number under the empty name, of a column under
    the column's. Empty where it declares nothing."""

    @property
    def full_name(self) -> str:
        """`page/name`."""
        return f"{self.page}/{self.name}"


def read(path: Path) -> Metric:
    """Read one file. Raises MetricError with the file, the line, the cause and the remedy."""
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=1_000)
def _read(path: Path, changed_at: int) -> Metric:
    """The file as it was at its last change; parsing it once is enough until the next."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise MetricError(
            f"{path}: not UTF-8 text (byte {error.start}). Save the file as UTF-8."
        ) from None
    header, notes = header_of(path, text, KEYS, COUNTS)
    declared = {key: header.pop(key) for key in [*header] if key not in KEYS}
    for key, allowed in (("chart", CHARTS), ("better", BETTER)):
        if header[key] not in allowed:
            raise MetricError(
                f"{path}: {key} is {header[key]!r}.{suggest(header[key], allowed)} "
                f"Choose one of {', '.join(allowed)}."
            )
    if not re.fullmatch(r"[a-z][a-z_ -]*", header["unit"]):
        raise MetricError(
            f"{path}: unit is {header['unit']!r}. Use one word in small letters: "
            f"{', '.join(UNITS_WITH_SIGN)}, or what is counted, like journeys."
        )
    return Metric(
        name=path.stem,
        page=path.parent.name,
        path=path,
        notes=notes,
        sql=text,
        parameters=gated(path, text),
        counts=_counts(path, header["chart"], declared),
        **header,
    )


def _counts(path: Path, chart: str, declared: dict[str, str]) -> dict[str, Counts]:
    """What the metric declares to count. Raises MetricError where that cannot be read, or is no
    number that such a chart shows."""
    found: dict[str, Counts] = {}
    for key, text in declared.items():
        column = key.removeprefix("counts").removeprefix("_")
        try:
            found[column] = counts = parse(text)
        except MetricError as error:
            raise MetricError(f"{path}: {error}") from None
        allowed = _MEASURED.get(chart, ()) if not column else ("count", "money")
        if counts.measure not in allowed:
            raise MetricError(
                f"{path}: {key} says {counts.measure!r}, which "
                + (f"no column of a {chart} is" if column else f"a {chart} chart does not show")
                + f". It may be {' or '.join(allowed) or 'left out'}."
            )
    return found


def gated(path: Path, text: str) -> frozenset[str]:
    """The parameters that a file's SQL names, where it passes the gate. Raises MetricError with
    file and line where it does not, or names a parameter there is not."""
    try:
        parameters = pass_gate(_parser().cursor(), text)
    except RefusedError as refusal:
        place = f", line {refusal.line}" if refusal.line else ""
        raise MetricError(f"{path}{place}: {refusal}") from None
    for name in sorted(parameters - PARAMETERS):
        raise MetricError(
            f"{path}: unknown parameter ${name}.{suggest(name, PARAMETERS)} "
            "It may use $since, $until, $as_of and $as_of_day."
        )
    return parameters


def pages() -> list[str]:
    """The folders that hold metrics, in order of name."""
    return sorted(
        folder.name
        for folder in queries_folder().iterdir()
        if folder.is_dir() and not folder.name.startswith(".") and folder.name not in _NOT_PAGES
    )


def files(page: str | None = None) -> list[Path]:
    """The metric files, of one page or of all."""
    return [
        path
        for name in ([page] if page else pages())
        for path in sorted((queries_folder() / name).glob("*.sql"))
    ]


def names() -> frozenset[str]:
    """Every name that `find` knows: with the page and without."""
    return frozenset(
        name for path in files() for name in (path.stem, f"{path.parent.name}/{path.stem}")
    )


def find(name: str) -> Metric:
    """The metric `name` or `page/name`. Raises MetricError where there is none, or several."""
    page, _, stem = name.rpartition("/")
    # A page asks for dozens: a look at where the file would be, not at all there are.
    among = [folder for folder in pages() if page in ("", folder)]
    paths = [queries_folder() / folder / f"{stem}.sql" for folder in among]
    found = [path for path in paths if _is_there(path)]
    if not found:
        known = [path.stem for path in files()]
        raise MetricError(
            f"There is no metric {name!r}.{suggest(name, known)} "
            "`python -m journey metrics` lists them."
        )
    if len(found) > 1:
        choices = ", ".join(f"{path.parent.name}/{path.stem}" for path in found)
        raise MetricError(f"{name!r} is the name of several metrics. Say which: {choices}.")
    return read(found[0])


def _is_there(path: Path) -> bool:
    """Whether it is a file; a name too long to be one is none."""
    try:
        return path.is_file()
    except OSError:
        return False


def header_of(
    path: Path, text: str, keys: tuple[str, ...], more: str = ""
) -> tuple[dict[str, str], str]:
    """The header, which says each of the keys once and may say others that `more` matches, and
    the notes after the first bare comment line. Raises MetricError with file and line."""
    header: dict[str, str] = {}
    lines = text.splitlines()
    number = 0
    for number, line in enumerate(lines, 1):
        if not line.startswith("--") or not line.strip("- "):
            break
        match = re.fullmatch(r"--\s*([\w-]+)\s*:\s*(.*)", line)
        if match is None or not (match.group(1) in keys or re.fullmatch(more, match.group(1))):
            key = match.group(1) if match else line.strip("- ")
            raise MetricError(
                f"{path}, line {number}: unknown header {key!r}."
                f"{suggest(key, (*keys, 'counts') if more else keys)} A header holds "
                f"{', '.join(keys)}{' and may hold counts' if more else ''}; notes follow after a "
                "line with only '--'."
            )
        key, value = match.group(1), match.group(2).strip()
        if key in header or not value:
            cause = "is there twice" if key in header else "says nothing"
            raise MetricError(f"{path}, line {number}: the header {key!r} {cause}. Say it once.")
        header[key] = value
    for key in keys:
        if key not in header:
            raise MetricError(f"{path}: the header lacks {key!r}. Add a line '-- {key}: ...'.")
    notes = []
    for line in lines[number - 1 :]:
        if not line.startswith("--"):
            break
        notes.append(line.removeprefix("--").strip())
    paragraphs = "\n".join(notes).strip().split("\n\n")
    return header, "\n\n".join(" ".join(part.split("\n")) for part in paragraphs)


@cache
def _parser() -> duckdb.DuckDBPyConnection:
    """A database for parsing alone; opening one per file would cost more than the parsing."""
    return duckdb.connect(":memory:", config={"enable_external_access": "false"})
