"""The product's own look, as the few rules that a Streamlit theme cannot say."""

from journey.present.palette import Palette


def css(colours: Palette) -> str:
    """Style rules for the side that the reader's browser shows. No data ever enters them."""
    return f"""
    .stMainBlockContainer {{ max-width: 1320px; padding: 4.25rem 2rem 3rem; }}
    .stMain h1 {{ padding: 0 0 .1rem; letter-spacing: -.01em; }}
    .stMain [data-testid="stCaptionContainer"] {{ color: {colours.muted}; opacity: 1; }}
    .stMain [data-testid="stCaptionContainer"] p {{ color: {colours.muted}; font-size: .87rem; }}
    body, .stMarkdown, .kpi {{ font-variant-numeric: tabular-nums; }}
    .st-key-filters {{ margin: -.35rem 0 .25rem; }}
    .st-key-filters label p {{ color: {colours.muted}; font-size: .8rem; }}
    [data-testid="stGridCellContent"],
    [data-testid="stGridCellContent"] > [data-testid="stLayoutWrapper"],
    [data-testid="stGridCellContent"] [class*="st-key-card_"] {{ height: 100%; }}
    [class*="st-key-card_"] {{ position: relative; background: {colours.surface}; }}
    [class*="st-key-card_"] > [data-testid="stLayoutWrapper"]:has(> * [class*="st-key-menu_"]) {{
        position: absolute; top: .55rem; right: .55rem; width: auto; height: auto; z-index: 2;
    }}
    [class*="st-key-menu_"] button {{
        color: {colours.muted}; min-height: 1.6rem; padding: 0 .3rem; background: transparent;
    }}
    [class*="st-key-menu_"] button > div > [aria-hidden="true"] {{ display: none; }}
    .head .title {{ font-weight: 600; padding-right: 2.5rem; color: {colours.text}; }}
    .head .question, .under {{ font-size: .87rem; color: {colours.muted}; line-height: 1.4; }}
    .kpi {{ display: flex; flex-direction: column; gap: .3rem; color: {colours.text}; }}
    .kpi .title {{ font-size: .93rem; padding-right: 2rem; }}
    .kpi .value {{ font-size: 1.9rem; font-weight: 600; line-height: 1.15; }}
    .kpi .change {{ display: flex; flex-direction: column; gap: .2rem; align-items: flex-start; }}
    .kpi .pill {{
        font-size: .82rem; font-weight: 500; padding: .05rem .5rem; border-radius: 999px;
        background: {colours.line}; color: {colours.text};
    }}
    .kpi .pill.good {{ background: color-mix(in srgb, {colours.good} 13%, transparent);
        color: {colours.good}; }}
    .kpi .pill.bad {{ background: color-mix(in srgb, {colours.bad} 13%, transparent);
        color: {colours.bad}; }}
    .kpi .versus, .kpi .foot, .kpi .note {{ font-size: .8rem; color: {colours.muted}; }}
    .kpi .note {{ line-height: 1.45; }}
    .kpi .trail {{ width: 100%; height: 58px; display: block; }}
    .strip {{ display: flex; gap: .75rem; overflow-x: auto; scroll-snap-type: x mandatory; }}
    .strip .stage {{
        flex: 0 0 92%; scroll-snap-align: start; border: 1px solid {colours.line};
        border-radius: 8px; padding: .8rem; color: {colours.text};
    }}
    .strip .place, .strip .did {{ font-size: .8rem; color: {colours.muted}; }}
    .strip .name {{ font-weight: 600; }}
    .strip .count {{ font-size: 1.6rem; font-weight: 600; }}
    .strip .told {{ font-size: .9rem; margin: .15rem 0; }}
    .strip .did {{ display: flex; justify-content: space-between; margin-top: .4rem; }}
    .strip .bar {{ background: {colours.line}; border-radius: 3px; height: 6px; }}
    .strip .bar.tall {{ height: 14px; margin: .2rem 0 .4rem; }}
    .strip .bar > div {{ height: 100%; border-radius: 3px; }}
    [class*="st-key-phone_"] {{ display: none; }}
    @media (max-width: 860px) {{
        [class*="st-key-wide_"] {{ display: none; }}
        [class*="st-key-phone_"] {{ display: flex; }}
        .strip .stage {{ flex-basis: min(92%, 20rem); }}
    }}
    @media (max-width: 640px) {{
        .stMainBlockContainer {{ padding: 4rem .9rem 2rem; }}
        .stMain h1 {{ font-size: 1.35rem; }}
        .strip .stage {{ flex-basis: 92%; }}
    }}
    @media print {{
        header, .st-key-filters, [class*="st-key-menu_"] {{ display: none !important; }}
        @page {{ size: A4 landscape; margin: 10mm; }}
    }}
    """
