"""What each page answers and how it is read, a sentence each, for whoever opens it first."""

from dataclasses import dataclass
from html import escape

from journey.present.palette import Palette


@dataclass(frozen=True)
class Guide:
    """Two sentences about a page."""

    answers: str
    """What question of the reader's it answers, as it goes on after `This page answers`."""
    reading: str
    """How its pictures are read."""


GUIDES = {
    "overview": Guide(
        "how many journeys get through each stage, how that feels, and where it hurts.",
        "Read the map from left to right: the band's width is the number of journeys, what falls "
        "away below it has left, and A, B or C says how much evidence a cell has.",
    ),
    "pains": Guide(
        "where journeys are lost against comparable people, and what that costs a month.",
        "The longest bar costs most, its thin line is the 95 % interval; open a row to see the "
        "evidence, to give it an owner, or to close it and have the fix judged.",
    ),
    "changes": Guide(
        "how much of a rate's change is more than chance, and which groups it comes from.",
        "Go down from Before to Now: plain bars are groups whose own rate moved, hatched ones "
        "groups that became a larger or smaller part of all.",
    ),
    "differences": Guide(
        "why two numbers that ought to be one differ, and by how much for each reason.",
        "Choose the two, then go down from the first to the other: each step changes one thing "
        "and is measured, and together they add up.",
    ),
    "what_if": Guide(
        "what would come of a step that goes better, a channel gone or faster deliveries.",
        "The effect counts loops and later orders and stands beside the naive product, with its "
        "interval; it holds as far as people go on as they do now.",
    ),
    "awareness": Guide(
        "how people come across you, and through which channels their journeys begin.",
        "Journeys count in the week they began, by the channel of their first touch; a dashed end "
        "is a week that is not over.",
    ),
    "consideration": Guide(
        "what share of journeys goes on to look at what you offer.",
        "The line is the share, its ribbon the 95 % interval: two weeks whose ribbons overlap "
        "widely may not differ; the hatched weeks have not had their time yet.",
    ),
    "decision": Guide(
        "what share of journeys ends in an order, and where carts stay behind.",
        "A plate turns green or red only where a change is more than chance would explain; the "
        "hatched weeks have not had their time yet.",
    ),
    "post_purchase": Guide(
        "what happens after the order: delivery, support, returns, and how it feels.",
        "Each dot is a rate and the bar behind it its 95 % interval: where bars overlap widely, "
        "the groups may not differ.",
    ),
    "loyalty": Guide(
        "what share of first-time buyers comes back, and how soon.",
        "Buyers count in the month of their first order, once their repeat window has passed; a "
        "ribbon is the 95 % interval.",
    ),
    "channels": Guide(
        "where customers come from, and what becomes of those journeys.",
        "Compare dots along a line with the dashed average: a bar that does not touch it is "
        "better or worse than chance would explain.",
    ),
    "attribution": Guide(
        "which channels deserve the credit for orders, and how far that depends on the model.",
        "The coloured dot is the model you chose and the grey bar spans all others: trust a "
        "verdict of gain or loss, and leave one that depends to an experiment.",
    ),
    "funnel": Guide(
        "how many people get from one step to the next on a way that you choose.",
        "Choose the steps above; each bar is the people who got that far, and the cards below say "
        "how long they took, who stops and what they did instead.",
    ),
    "paths": Guide(
        "which ways people really take, where these part, and which of them end in an order.",
        "Follow the bands from left to right: the wider, the more people; a way that goes with "
        "more orders is an association, not a cause.",
    ),
    "satisfaction": Guide(
        "how customers feel at each stage and touchpoint, and where that turns.",
        "The curve runs from bad to good along the journey, its ribbon is the 95 % interval, and "
        "a hollow dot rests on too few answers.",
    ),
    "feedback": Guide(
        "what customers say in their own words, how they feel, and which themes move the scores.",
        "A theme's impact is how far the score would be from its mean without it; open a comment "
        "to see how its mood was read.",
    ),
    "personas": Guide(
        "who your customers are, and what sets each persona apart from the others.",
        "Everything is counted from events but the story, which your team has written and which "
        "is marked as told.",
    ),
    "person": Guide(
        "what a single customer's journeys were like, touch by touch.",
        "Read from the top down, a line for each kind of touch in a visit; pauses of more than a "
        "day are written between them.",
    ),
    "retention": Guide(
        "whether customers come back, when they do, and who comes back more often.",
        "In the triangle each line is a group of first-time buyers and each column the time since "
        "their first order: the darker, the more came back.",
    ),
    "lifetime": Guide(
        "what a customer has been worth so far, and what is to be expected from here.",
        "Curves show the value collected since the first order; believe the forecast as far as "
        "the proof beside it, on orders it had not seen, agrees.",
    ),
    "next_steps": Guide(
        "which next touch goes with going on more often, for whom, and what would settle it.",
        "People are compared with others like them at the same place: a dot right of the line went "
        "on more often, and that is an association until an experiment shows a cause.",
    ),
    "experiments": Guide(
        "whether what you tested worked, and how sure that is.",
        "The verdict stands first; an interval that holds zero means that chance alone could "
        "explain the lift.",
    ),
    "health": Guide(
        "whether the data behind all these numbers is fresh, complete and trustworthy.",
        "Look here first when a number surprises you: the newest day, rows that found no place, "
        "and the share of journeys that have had their time.",
    ),
}
"""Page to its guide."""


def strip(page: str) -> str:
    """The guide of a page as HTML; empty for a page that has none.

    It comes open. The script of the first document closes it for good once a reader has; without
    that script it opens and closes like any other fold.
    """
    guide = GUIDES.get(page)
    if guide is None:
        return ""
    return (
        f'<details class="guide" data-guide="{escape(page)}" open>'
        '<summary><span class="call">How to read this page</span>'
        '<span class="done">Got it</span></summary>'
        f"<p>This page answers {escape(guide.answers)} "
        f"<span>{escape(guide.reading)}</span></p></details>"
    )


def css(colours: Palette) -> str:
    """Style rules of one side: a strip when open, a quiet word beside the title when closed."""
    return f"""
    .guide {{ color: {colours.text}; font-size: .9rem; line-height: 1.45; }}
    .guide p {{ margin: 0; max-width: 62rem; font-size: inherit; }}
    .guide p span {{ color: {colours.muted}; }}
    .guide[open] {{
        display: flex; flex-direction: row-reverse; gap: 1.5rem; align-items: flex-start;
        justify-content: space-between; padding: .6rem .6rem .6rem .9rem; border-radius: 8px;
        border: 1px solid {colours.line}; border-left: 3px solid {colours.accent};
        background: {colours.surface};
    }}
    .guide summary {{
        list-style: none; cursor: pointer; flex: none; color: {colours.accent};
        font-size: .87rem; line-height: 24px; padding: 0 .4rem; white-space: nowrap;
    }}
    .guide summary::-webkit-details-marker {{ display: none; }}
    .guide summary:hover {{ text-decoration: underline; }}
    .guide:not([open]) summary {{ padding: 0; }}
    .stMain :has(> [data-testid="stLayoutWrapper"] > .st-key-guide) {{ position: relative; }}
    @media (min-width: 861px) {{
        [data-testid="stLayoutWrapper"]:has(> .st-key-guide .guide:not([open])) {{
            position: absolute; top: .4rem; right: 0; width: auto;
        }}
    }}
    @media screen and (max-width: 860px) {{
        .guide[open] {{ display: block; }}
        .guide[open] summary {{ float: right; margin-left: .8rem; }}
        .st-key-guide:has(.guide:not([open])) {{ margin-top: -.6rem; }}
    }}
    .guide[open] .call, .guide:not([open]) .done {{ display: none; }}
    """
