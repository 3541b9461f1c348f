"""Drawing and wording what young weeks are expected to come to."""

from journey.analysis.maturing import Expected
from journey.present import frames
from journey.present.frames import Drawing
from journey.present.numbers import counted
from journey.present.palette import fade
from journey.present.readings import told
from journey.present.sheet import Sheet
from journey.present.words import escape_plotly, interval, label, show


def dots(sheet: Sheet, d: Drawing, grain: str) -> None:
    """A hollow dot with its interval for each young week or month: expected, not counted."""
    young = drawn(d)
    if not young:
        return
    sheet.add_scatter(
        x=[one.at for one in young],
        y=[100 * one.share for one in young],
        mode="markers",
        marker={
            "symbol": "circle",
            "size": 8,
            "color": d.palette.surface,
            "line": {"color": d.palette.accent, "width": 2},
        },
        error_y={
            "array": [100 * (one.high - one.share) for one in young],
            "arrayminus": [100 * (one.share - one.low) for one in young],
            "color": fade(d.palette.accent, 0.45),
            "thickness": 4,
            "width": 0,
        },
        text=[_hover(one, d, grain) for one in young],
        hoverinfo="text",
        name="expected",
    )


def drawn(d: Drawing) -> list[Expected]:
    """The weeks or months not yet mature as a whole, with enough cases for a value."""
    since = d.immature_from
    if since is None:
        return []
    grain = frames.grain(d.rows)
    return [
        one
        for one in d.expected
        if one.at and frames.after(one.at, grain) > since and one.n >= d.minimum_n
    ]


def sentence(everyone: Expected, mature: int, noun: str, minimum_n: int) -> str:
    """What all cases are expected to come to, those still in their time among them.

    `mature` are those that the plain rate rests on.

    >>> sentence(Expected(None, 0.154, 0.147, 0.162, 11285, 30), 9254, "journeys", 30)[:49]
    'With the 2,031 journeys still in their time: 15.4'
    """
    if everyone.n < minimum_n:
        return f"Too few {noun} to expect anything: {everyone.n}, from {minimum_n} on."
    still = max(everyone.n - mature, 0)
    value = show(everyone.share, "percent")
    return (
        f"With the {counted(still, noun)} still in their time: {value} expected "
        f"(95\u2009%: {interval(everyone.low, everyone.high, 'percent')}), Kaplan-Meier. Hollow "
        "dots: a young week by its own days so far, then as the other weeks went on."
    )


def _hover(one: Expected, d: Drawing, grain: str) -> str:
    """The expected value in full."""
    assert one.at is not None
    noun = escape_plotly(label(d.rows.columns[-1]).lower())
    lines = (
        f"<b>{told(100 * one.share, d.metric)}</b> expected "
        f"({interval(one.low, one.high, 'percent')})",
        f"{counted(one.n, noun)}, watched for up to {one.watched} days",
        frames.moment(one.at, grain),
    )
    return "<br>".join(lines)
