"""The product's own look, as the few rules that a Streamlit theme cannot say."""

from journey.present.palette import Palette


def css(colours: Palette) -> str:
    """Style rules for the side that the reader's browser shows. No data ever enters them."""
    return f"""
    .stMainBlockContainer {{ max-width: 1320px; padding: 4.25rem 2rem 3rem; }}
    .stMain h1 {{ padding: 0 0 .1rem; letter-spacing: -.01em; }}
    .stMain [data-testid="stCaptionContainer"] p {{ color: {colours.muted}; }}
    body, .stMarkdown, .kpi {{ font-variant-numeric: tabular-nums; }}
    .st-key-filters {{ margin: -.35rem 0 .25rem; }}
    .st-key-filters label p {{ color: {colours.muted}; font-size: .8rem; }}
    [class*="st-key-card_"] {{ position: relative; background: {colours.surface}; }}
    [class*="st-key-card_"] .stMarkdown p {{ margin-bottom: 0; }}
    [class*="st-key-kpi_"] {{ position: relative; height: 100%; }}
    [class*="st-key-menu_"] {{
        position: absolute; top: -.35rem; right: -.25rem; width: auto; z-index: 2;
    }}
    [class*="st-key-menu_"] button {{ color: {colours.muted}; min-height: 1.6rem; padding: 0 .3rem; }}
    [class*="st-key-card_"] > [class*="st-key-menu_"],
    [class*="st-key-card_"] [class*="st-key-menu_"] {{ top: .5rem; right: .6rem; }}
    .kpi {{ display: flex; flex-direction: column; gap: .3rem; color: {colours.text}; }}
    .kpi .title {{ font-size: .93rem; padding-right: 2rem; }}
    .kpi .value {{ font-size: 1.9rem; font-weight: 600; line-height: 1.15; }}
    .kpi .change {{ display: flex; flex-wrap: wrap; gap: .4rem; align-items: center; }}
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
    .kpi svg {{ width: 100%; height: 58px; display: block; overflow: visible; }}
    .wide-only {{ display: block; }}
    [class*="st-key-phone_"] {{ display: none; }}
    @media (max-width: 640px) {{
        .stMainBlockContainer {{ padding: 4rem .9rem 2rem; }}
        .stMain h1 {{ font-size: 1.35rem; }}
        [class*="st-key-wide_"] {{ display: none; }}
        [class*="st-key-phone_"] {{ display: flex; }}
    }}
    @media print {{
        header, .st-key-filters, [class*="st-key-menu_"] {{ display: none !important; }}
        @page {{ size: A4 landscape; margin: 10mm; }}
    }}
    """
