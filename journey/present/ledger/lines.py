"""The rows of the ledger as HTML: where it hurts, what that costs, who keeps it. All escaped."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from html import escape

from journey.analysis.pains import wording
from journey.analysis.pains.judged import Judgement
from journey.analysis.pains.pain import Estimate, Finding
from journey.analysis.pains.verdicts import affected, points
from journey.ledger.note import Entry, Note
from journey.ledger.rows import Row, total
from journey.present.numbers import counted, rough, show, unbroken
from journey.present.palette import Palette
from journey.present.words import THIN, day, label, period

SHOWN_ENTRIES = 6
"""Entries of a history that are shown at once; the others open."""

NOTHING_HURTS = "Nothing hurts enough to tell from chance in this period."

NO_SIGN_IN = (
    "Nobody signs in here: what you write carries the name you give, and everyone who opens this "
    "page sees it."
)

_MARKS = {
    "worked": ("good", "✓"),
    "got worse": ("bad", "✕"),
    "no change": ("", "≈"),
    "too early": ("", "◷"),
    "cannot be judged": ("", "?"),
}


def headline(rows: Sequence[Row], currency: str | None) -> str:
    """What the rows cost together, who keeps them, and what is over: a sentence or two."""
    known = [row for row in rows if row.money is not None]
    if not rows:
        return NOTHING_HURTS
    losses = [row for row in rows if row.pain is not None and row.pain.lost is not None]
    if not known and losses:
        lose = "loses" if len(losses) == 1 else "lose"
        return f"{counted(len(losses), 'pains')} {lose} orders. {wording.NO_AMOUNTS}"
    if not known:
        return f"No loss stands out; {counted(len(rows), 'signs')} of trouble, without a price."
    whole = total(known)
    verb = "costs" if len(known) == 1 else "cost"
    together = "" if len(known) == 1 else " together"
    said = (
        f"{counted(len(known), 'pains')} {verb} about {a_month(whole, currency)} a month{together} "
        f"(95{THIN}%: {rough(whole.low, whole.high, 'money')})."
    )
    if over := sum(row.presence == "over" for row in known):
        said += f" {_of(over, len(known))} over by now."
    if alone := sum(row.owner is None for row in known):
        none = 1 < alone == len(known)
        said += (
            " None of them has an owner."
            if none
            else f" {_of(alone, len(known), 'has', 'have')} no owner."
        )
    return f"{said} {unpriced(row.money for row in rows)}".strip()


def unpriced(amounts: Iterable[Estimate | None]) -> str:
    """How many rows no total can hold, by what each costs; nothing where all have a price.

    >>> unpriced([None, None, Estimate(1, 0, 2)]), unpriced([Estimate(1, 0, 2)])
    ('2 more rows have no price.', '')
    """
    count = sum(money is None for money in amounts)
    if not count:
        return ""
    return f"{counted(count, 'more rows')} {'has' if count == 1 else 'have'} no price."


def a_month(money: Estimate, currency: str | None) -> str:
    """The middle of an amount."""
    return show(money.value, "money", currency)


def heads(rows: Sequence[Row], currency: str | None) -> str:
    """What stands over the columns, with the end of the bars' scale."""
    top = f"bars to {show(_top(rows), 'money', currency)}" if _top(rows) else ""
    return (
        '<div class="pain heads"><div class="what">Where it hurts</div>'
        f'<div class="cost"><span>Lost a month, with its interval</span><span>{escape(top)}</span>'
        f'</div><div class="money">{escape(currency or "Money")} a month</div>'
        '<div class="kept">Kept by</div></div>'
    )


def line(row: Row, rows: Sequence[Row], palette: Palette, currency: str | None, today: date) -> str:
    """One row: its place and sentence, the bar on the scale of all rows, and who keeps it."""
    return (
        f'<div class="pain{"" if row.money else " unknown"}"><div class="what">'
        f"{_where(row, palette)}"
        f'<div class="said">{escape(unbroken(_said(row)))}</div></div>'
        f'<div class="cost">{_bar(row.money, _top(rows))}</div>'
        f'<div class="money">{_money(row, currency)}</div>'
        f'<div class="kept">{_kept(row, today)}</div></div>'
    )


def foot(rows: Sequence[Row], currency: str | None) -> str:
    """The rows added up; nothing where there are fewer than two amounts."""
    known = [row for row in rows if row.money is not None]
    if len(known) < 2:
        return ""
    whole = total(known)
    return (
        '<div class="pain sum"><div class="what"><b>Together</b>'
        f'<div class="said">{escape(unpriced(row.money for row in rows))}</div></div>'
        '<div class="cost"></div>'
        f'<div class="money"><b>{escape(show(whole.value, "money"))}</b>'
        f"<span>{escape(rough(whole.low, whole.high, 'money'))}</span></div>"
        '<div class="kept"></div></div>'
    )


def closed_line(row: Row, found: Judgement, palette: Palette) -> str:
    """A closed row: since when it counts as fixed, and whether that went with a change."""
    tone, mark = _MARKS[found.verdict]
    verdict = f"{found.verdict[0].upper()}{found.verdict[1:]}"
    assert row.note is not None
    fixed = row.note.fixed_on
    closed = f"Fixed {_dated(fixed)}" if fixed else ""
    closed += f", says {row.note.closed_by}" if row.note.closed_by else ""
    still = (
        '<span class="still">still found after that day</span>' if _still_hurts(row, fixed) else ""
    )
    return (
        f'<div class="pain closed"><div class="what">{_where(row, palette)}'
        f'<div class="said">{escape(closed)}. {still}</div></div>'
        f'<div class="verdict"><span class="pill {tone}">{mark} {escape(verdict)}</span>'
        f"<span>{escape(_effect(found))}</span></div></div>"
    )


def judged(sentences: Sequence[str]) -> str:
    """What came of a fix, the verdict in bold."""
    first, *more = sentences
    verdict, _, why = first.partition(". ")
    told = [f"<b>{escape(verdict)}.</b> {escape(why)}", *map(escape, more)]
    return f'<div class="judged">{"".join(f"<p>{line}</p>" for line in told)}</div>'


def evidence(findings: Sequence[Finding]) -> str:
    """What each detector says, with the cases it rests on."""
    told = "".join(
        f"<li>{escape(unbroken(one.sentence))} "
        f"<span>{escape(label(one.detector))}, n = {one.n:,}</span></li>"
        for one in findings
    )
    return f'<ul class="evidence">{told}</ul>'


def history(note: Note | None) -> str:
    """What was written under a row, the latest first."""
    if note is None or not note.history:
        return ""
    entries = [_entry(entry) for entry in reversed(note.history)]
    more = "".join(entries[SHOWN_ENTRIES:])
    if more:
        count = len(entries) - SHOWN_ENTRIES
        more = f"<details><summary>{counted(count, 'earlier entries')}</summary>{more}</details>"
    return f'<div class="history">{"".join(entries[:SHOWN_ENTRIES])}{more}</div>'


def segment(who: Mapping[str, str]) -> str:
    """Whom a row is about, as a reader writes it.

    >>> segment({"device": "mobile", "country": "DE"}), segment({})
    ('Mobile, DE', 'everyone')
    """
    return affected({name: label(value) for name, value in who.items()})


def _where(row: Row, palette: Palette) -> str:
    """The title and, beside it, stage, segment and time."""
    place = row.place
    facts = [segment(place.who)]
    if row.pain is not None and row.pain.since and row.pain.until:
        facts.append(period(row.pain.since, row.pain.until))
    elif place.since is not None:
        facts.append(f"since {_dated(place.since)}")
    state = {
        "over": "over",
        "not found": "not found in this period",
        "by hand": "written in by hand",
    }.get(row.presence)
    facts += [state] if state else []
    return (
        f'<div class="where"><b>{escape(place.title)}</b>'
        f'<span class="chip"><i style="background:{palette.stage(place.stage)}"></i>'
        f"{escape(label(place.stage))}</span>"
        + "".join(f'<span class="fact">{escape(fact)}</span>' for fact in facts)
        + "</div>"
    )


def _said(row: Row) -> str:
    """The pain in its sentence; what it was when it is found no more."""
    if row.pain is not None:
        return row.pain.sentence
    if row.place.by_hand:
        return f"Judged by {label(row.place.metric.rpartition('/')[2]).lower()}."
    return f"When it was last found: {row.place.sentence}" if row.place.sentence else ""


def _bar(money: Estimate | None, top: float) -> str:
    """The amount as a bar from zero, its interval as a line over it."""
    if money is None or top <= 0:
        return ""
    left, middle, right = (
        100 * min(max(end, 0.0), top) / top for end in (money.low, money.value, money.high)
    )
    return (
        f'<div class="track"><i style="width:{middle:.1f}%"></i>'
        f'<u style="left:{left:.1f}%;width:{right - left:.1f}%"></u></div>'
    )


def _money(row: Row, currency: str | None) -> str:
    """The amount and its ends; a dash where nothing is known now."""
    if row.money is None:
        return "<b>–</b>"
    return (
        f"<b>{escape(show(row.money.value, 'money'))}</b>"
        f"<span>{escape(rough(row.money.low, row.money.high, 'money'))}</span>"
    )


def _kept(row: Row, today: date) -> str:
    """The owner and the due day."""
    if row.note is None or (row.note.owner is None and row.note.due is None):
        return '<span class="none">nobody yet</span>'
    owner = f"<b>{escape(row.note.owner)}</b>" if row.note.owner else "nobody yet"
    if row.note.due is None:
        return owner
    when = f"due {_dated(row.note.due)}"
    if row.status(today) == "overdue":
        return f'{owner}<span class="late">! overdue, was {escape(when)}</span>'
    return f"{owner}<span>{escape(when)}</span>"


def _effect(found: Judgement) -> str:
    """The effect in points, better as plus, with its interval."""
    if found.gain is None or found.metric is None:
        return ""
    value, low, high = found.gain
    way = "better" if value >= 0 else "worse"
    return (
        f"{points(abs(value), found.metric)} points {way} than the others "
        f"(95{THIN}%: {points(low, found.metric)} to {points(high, found.metric)})"
    )


def _entry(entry: Entry) -> str:
    """One line of a history."""
    said = f"<p>{escape(entry.comment)}</p>" if entry.comment else ""
    did = f" · {escape(entry.did)}" if entry.did else ""
    when = f"{_dated(entry.at.date())}, {entry.at:%H:%M}"
    return (
        f'<div class="entry" dir="auto"><span><b>{escape(entry.by)}</b> · {when}{did}</span>'
        f"{said}</div>"
    )


def _still_hurts(row: Row, fixed: date | None) -> bool:
    """Whether the detectors find it on days after it was said to be fixed."""
    if row.pain is None or fixed is None:
        return False
    return row.pain.until is None or row.pain.until > fixed + timedelta(days=1)


def _top(rows: Sequence[Row]) -> float:
    """The end of the bars' scale: the largest upper end."""
    return max([row.money.high for row in rows if row.money is not None], default=0.0)


def _of(some: int, all_: int, one: str = "is", many: str = "are") -> str:
    """How many of them, with its verb.

    >>> _of(1, 1), _of(1, 3), _of(2, 2, "has", "have")
    ('It is', '1 of them is', 'All of them have')
    """
    if all_ == 1:
        return f"It {one}"
    if some == all_:
        return f"All of them {many}"
    return f"{some} of them {one if some == 1 else many}"


def _dated(when: date) -> str:
    """A day with its year."""
    return f"{day(when)} {when.year}"
