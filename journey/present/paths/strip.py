"""A flow for a narrow screen: one column a card, swiped sideways, as HTML."""

from html import escape

from journey.present.paths.flow import Block, Flow


def strip(flow: Flow) -> str:
    """The columns as cards side by side; every text is escaped."""
    cards = [
        _card(flow, f"{place} of {len(flow.columns)}", head, column)
        for place, (head, column) in enumerate(zip(flow.heads, flow.columns, strict=True), 1)
    ]
    return f'<div class="strip" tabindex="0" role="list">{"".join(cards)}</div>'


def _card(flow: Flow, place: str, head: str, column: tuple[Block, ...]) -> str:
    """One column: its names with their shares, as bars of all."""
    lines = "".join(_line(block, block.count / flow.whole) for block in column if block.count)
    return (
        f'<div class="stage" role="listitem"><div class="place">{place}</div>'
        f'<div class="name">{escape(head)}</div>{lines}</div>'
    )


def _line(block: Block, share: float) -> str:
    """A name with its share, and the share as a bar."""
    return (
        f'<div class="did"><span>{escape(block.name)}</span><span>{escape(block.told)}</span></div>'
        f'<div class="bar"><div style="width:{share:.1%};background:{block.colour}"></div></div>'
    )
