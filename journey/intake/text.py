"""Text files as they come: encoding, line ends, dialect, and the line each row stands on."""

import codecs
import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from journey.errors import IntakeError

_SAMPLE = 1 << 16
_CHUNK = 1 << 20
_FALLBACK = "cp1252"
"""The encoding of a file that is not UTF-8: what a Windows spreadsheet writes, and Latin-1 for
every printable character of that."""
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
"""What a file in UTF-16 begins with, as Excel's "Unicode text" does."""


@dataclass(frozen=True)
class Dialect:
    """How a CSV file is written, read off its header."""

    delimiter: str
    columns: list[str]
    blank_lines: int
    """Empty lines before the header."""


@dataclass(frozen=True)
class TextFile:
    """A text file that is being read."""

    path: Path
    """What the user gave."""
    plain: Path
    """What is read: the same file, or a copy of it that DuckDB can read."""
    dialect: Dialect | None
    """None where each line is one value."""


def dialect(path: Path) -> Dialect:
    """The dialect of a CSV file; raises IntakeError where there is no header to be read."""
    lines = re.split(r"\r\n|\n|\r", _start(path))
    blank_lines = next((number for number, line in enumerate(lines) if line.strip()), 0)
    header = lines[blank_lines]
    delimiter = max(",;\t|", key=header.count)
    text = io.StringIO("\n".join(lines[blank_lines:]), newline="")
    names = [name.strip() for name in next(csv.reader(text, delimiter=delimiter), [])]
    lower = [name.lower() for name in names if name]
    doubled = [name for name in names if lower.count(name.lower()) > 1]
    if doubled or not lower:
        cause = f"the column {doubled[0]} twice" if doubled else "no column names"
        raise IntakeError(
            f"{path}: not a CSV file with a header line (it has {cause}). "
            "Give the first line one different name per column."
        )
    # The row numbers that some programs write come without a name.
    columns = [name or f"column_{place}" for place, name in enumerate(names, 1)]
    return Dialect(delimiter, columns, blank_lines)


def plain(path: Path, aside: Path) -> Path:
    """The file itself where DuckDB can read it, else a copy of it in the folder `aside`.

    DuckDB reads UTF-8 with one kind of line end, and unpacks what is named .gz. UTF-16 is told by
    the mark it begins with.
    """
    _start(path)
    encoding = _encoding(path)
    if encoding is None and _is_gzip(path) == (path.suffix == ".gz"):
        return path
    aside.mkdir(parents=True, exist_ok=True)
    copy = aside / f"{len(list(aside.iterdir()))}.txt"
    with _opened(path) as source, copy.open("w", encoding="utf-8", newline="\n") as target:
        reader = io.TextIOWrapper(source, encoding or "utf-8", errors="replace", newline=None)
        while chunk := reader.read(_CHUNK):
            target.write(chunk)
        reader.detach()
    return copy


def row_lines(file: TextFile, broken: Iterator[int]) -> Iterator[tuple[int, bool]]:
    """The line on which each row begins, in file order, and whether that row is broken.

    `broken` gives in order the byte, counted from 0, where each broken row begins, or an empty
    line before it.
    """
    form = file.dialect
    header_ahead = form is not None
    quotes = _Quotes(form.delimiter) if form else None
    next_broken = next(broken, None)
    is_open = False
    place = 0
    with _opened(file.plain) as lines:
        for number, line in enumerate(lines, 1):
            start, place = place, place + len(line)
            begins = not is_open
            if quotes and (is_open or b'"' in line):
                is_open = quotes.stay_open(line, is_open)
            if not begins:
                continue
            if form and (header_ahead or len(form.columns) > 1) and not line.strip(b"\r\n"):
                continue
            if header_ahead:
                header_ahead = False
                continue
            is_broken = next_broken is not None and next_broken <= start
            if is_broken:
                next_broken = next(broken, None)
            yield number, is_broken


class _Quotes:
    """Whether a quoted value goes on after the end of a line."""

    def __init__(self, delimiter: str) -> None:
        between = re.escape(delimiter.encode())
        value = rb'"[^"]*(?:""[^"]*)*" *'
        self._whole = re.compile(rb"(^|%b) *%b(?=%b|\r?\n?$)" % (between, value, between))
        self._opens = re.compile(rb'(?:^|%b) *"' % between)
        self._closes = re.compile(rb'[^"]*(?:""[^"]*)*"(?!")')

    def stay_open(self, line: bytes, is_open: bool) -> bool:
        """Whether a value is open after this line, given whether one was before it."""
        if is_open:
            closing = self._closes.match(line)
            if closing is None:
                return True
            line = b"x" + line[closing.end() :]
        return self._opens.search(self._whole.sub(rb"\1x", line)) is not None


def _start(path: Path) -> str:
    """The first lines of the file; raises IntakeError where it is not text."""
    with _opened(path) as file:
        start = file.read(_SAMPLE)
    if start.startswith(_WIDE):
        text = start.decode("utf-16", errors="replace")
        text = text[: text.rfind("\n") + 1] or text
    else:
        start = start[: start.rfind(b"\n") + 1] or start
        try:
            text = start.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = start.decode(_FALLBACK, errors="replace")
    if "\x00" in text:
        raise IntakeError(
            f"{path}: not a CSV file (it has NUL bytes: it is UTF-16 without its mark, "
            "or no text). Save it as UTF-8 (in Excel: CSV UTF-8), or give a JSONL (.jsonl) or "
            "Parquet file."
        )
    if re.search(r"[\x01-\x08\x0e-\x1b]", text):
        raise IntakeError(
            f"{path}: not a CSV file (it holds binary data). "
            "Give a CSV, JSONL (.jsonl) or Parquet file."
        )
    return text


def _encoding(path: Path) -> str | None:
    """What a copy of the file is to be decoded with; None where it needs no copy."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    feeds = returns = pairs = 0
    last = b""
    with _opened(path) as file:
        if file.read(2) in _WIDE:
            return "utf-16"
        file.seek(0)
        try:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
                feeds += chunk.count(b"\n")
                returns += chunk.count(b"\r")
                pairs += chunk.count(b"\r\n") + (last == b"\r" and chunk[:1] == b"\n")
                last = chunk[-1:]
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return _FALLBACK
    return "utf-8-sig" if returns and not feeds == returns == pairs else None


def _is_gzip(path: Path) -> bool:
    """Whether the file is gzipped, whatever its name."""
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    """The file's bytes, unpacked where it is gzipped."""
    try:
        with gzip.open(path, "rb") if _is_gzip(path) else path.open("rb") as file:
            yield cast(IO[bytes], file)
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise IntakeError(f"{path}: not a whole gzip file. Copy or export it again.") from None
