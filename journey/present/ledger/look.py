"""The look of the ledger's rows, as style rules."""

from journey.present.palette import Palette


def css(colours: Palette) -> str:
    """Style rules for one side."""
    return f"""
    .pain {{
        display: grid; grid-template-columns: minmax(0, 1fr) minmax(9rem, 17rem) 6.5rem 9.5rem;
        gap: .2rem 1.5rem; align-items: start; color: {colours.text}; padding: .75rem 0 .1rem;
        border-top: 1px solid {colours.line}; font-size: .9rem; line-height: 1.4;
    }}
    .pain.heads {{ font-size: .8rem; color: {colours.muted}; border: 0; padding: .5rem 0 .25rem; }}
    .pain.heads .cost {{ display: flex; justify-content: space-between; gap: .5rem; }}
    .pain.sum {{ padding-bottom: .5rem; border-top: 1px solid {colours.muted}; }}
    .pain.closed {{ grid-template-columns: minmax(0, 1fr) minmax(14rem, 27rem); }}
    .pain .where {{ display: flex; flex-wrap: wrap; gap: .1rem .75rem; align-items: baseline; }}
    .pain .where b {{ font-size: 1rem; font-weight: 600; }}
    .pain .chip, .pain .fact {{ font-size: .8rem; color: {colours.muted}; white-space: nowrap; }}
    .pain .chip {{ border: 1px solid {colours.line}; border-radius: 999px; padding: 0 .5rem; }}
    .pain .chip i {{ display: inline-block; width: .55rem; height: .55rem; border-radius: 50%;
        margin-right: .35rem; }}
    .pain .said {{ color: {colours.muted}; font-size: .87rem; overflow-wrap: anywhere; }}
    .pain .still {{ color: {colours.warm}; font-weight: 500; }}
    .pain .track {{ position: relative; height: 1.15rem; margin-top: .2rem;
        border-left: 1px solid {colours.muted}; }}
    .pain .track i {{ position: absolute; left: 0; top: 0; bottom: 0; border-radius: 0 3px 3px 0;
        background: color-mix(in srgb, {colours.warm} 62%, {colours.surface}); }}
    .pain .track u {{ position: absolute; top: .38rem; height: .39rem; box-sizing: border-box;
        border: solid {colours.text}; border-width: 0 1.5px; text-decoration: none;
        background: linear-gradient({colours.text}, {colours.text}) center / 100% 1.5px no-repeat;
    }}
    .headline {{ font-size: 1.05rem; color: {colours.text}; padding: .35rem 0 .2rem; }}
    .pain .money {{ text-align: right; white-space: nowrap; }}
    .pain .money b {{ font-size: 1rem; font-weight: 600; display: block; }}
    .pain .money span, .pain .kept span {{ font-size: .8rem; color: {colours.muted};
        display: block; }}
    .pain .kept {{ overflow-wrap: anywhere; }}
    .pain .kept b {{ font-weight: 600; }}
    .pain .kept .late {{ color: {colours.text}; font-weight: 600; }}
    .pain .verdict {{ display: flex; flex-direction: column; gap: .15rem; align-items: flex-start;
        font-size: .8rem; color: {colours.muted}; }}
    .judged p {{ margin: 0 0 .35rem; font-size: .9rem; line-height: 1.45; color: {colours.muted}; }}
    .judged p:first-child, .judged b {{ color: {colours.text}; }}
    .evidence {{ margin: 0 0 .4rem; padding-left: 1.05rem; }}
    .evidence li {{ font-size: .9rem !important; color: {colours.text}; margin: .15rem 0; }}
    .evidence span {{ color: {colours.muted}; font-size: .8rem; white-space: nowrap; }}
    .history {{ border-left: 2px solid {colours.line}; padding-left: .7rem; margin: .3rem 0; }}
    .history .entry {{ margin: 0 0 .45rem; font-size: .8rem; color: {colours.muted};
        overflow-wrap: anywhere; }}
    .history .entry b {{ color: {colours.text}; font-weight: 600; }}
    .history .entry p {{ margin: .05rem 0 0; font-size: .9rem; color: {colours.text};
        white-space: pre-line; }}
    .history summary {{ font-size: .8rem; color: {colours.muted}; cursor: pointer; }}
    [class*="st-key-fold_"] details {{ border: 0; background: transparent; }}
    [class*="st-key-fold_"] summary {{ padding: .1rem 0; min-height: 1.6rem; width: fit-content; }}
    [class*="st-key-fold_"] summary p {{ font-size: .82rem; color: {colours.muted}; }}
    [class*="st-key-fold_"] [data-testid="stExpanderDetails"] {{ padding: .4rem 0 .6rem; }}
    .st-key-ledger_choice label p {{ color: {colours.muted}; font-size: .8rem; }}
    @media screen and (max-width: 860px) {{
        .pain {{ grid-template-columns: minmax(0, 1fr) 8rem; }}
        .pain .what {{ grid-column: 1 / -1; }}
        .pain .kept {{ grid-column: 1 / -1; display: flex; gap: .2rem .6rem; flex-wrap: wrap; }}
        .pain.heads .what, .pain.heads .kept {{ display: none; }}
        .pain.closed {{ grid-template-columns: minmax(0, 1fr); }}
        .pain.unknown .cost, .pain.unknown .money {{ display: none; }}
    }}
    """
