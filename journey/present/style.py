"""The product's own look, as the few rules that a Streamlit theme cannot say."""

from journey.present import access, guides, marks, paper, triangle
from journey.present.ledger.look import css as ledger_css
from journey.present.map.look import css as map_css
from journey.present.palette import LIGHT, Palette, tint

_CHIPS = '[data-testid="stMultiSelectTagsContainer"]'
"""What holds the chosen values of a field of several."""


def css(colours: Palette) -> str:
    """Style rules for the side that the reader's browser shows, and light ones for paper. No data
    ever enters them."""
    if colours is LIGHT:
        return _rules(LIGHT)
    return f"{_rules(colours)} @media print {{{_rules(LIGHT)} {paper.relit(colours, LIGHT)}}}"


def _rules(colours: Palette) -> str:
    """All rules in the colours of a side."""
    return f"""
    .stMainBlockContainer {{ max-width: 1320px; padding: 4.25rem 2rem 3rem; }}
    /* The menu begins where the page does. */
    @media (min-width: 861px) {{
        .stAppHeader {{ padding: 0 calc(max(0px, (100% - 1320px) / 2) + .5rem); }}
    }}
    .stMain h1 {{ padding: 0 0 .1rem; letter-spacing: -.01em; }}
    .stMain [data-testid="stCaptionContainer"] {{ color: {colours.muted}; opacity: 1; }}
    .stMain [data-testid="stCaptionContainer"] p {{ color: {colours.muted}; font-size: .87rem; }}
    body, .stMarkdown, .kpi {{ font-variant-numeric: tabular-nums; }}
    .st-key-nothing_yet {{ margin-top: 1rem; }}
    .st-key-filters {{ margin: -.35rem 0 .25rem; align-items: flex-start; }}
    /* What is chosen is read whole: the field grows, then its chips go on line by line. */
    .st-key-filters > :has({_CHIPS} > span) {{ flex: 0 0 auto; width: max-content;
        min-width: 142px; max-width: 21rem; }}
    .st-key-filters > :has(.st-key-against) {{ flex: 0 0 240px; }}
    .stMultiSelect :has(> {_CHIPS} > span) {{ height: auto; max-height: none; }}
    .stMultiSelect {_CHIPS}:has(> span) {{ flex-wrap: wrap; height: auto; max-height: none;
        overflow: visible; }}
    .stMultiSelect {_CHIPS} > span > span {{ max-width: 100%; height: auto; min-height: 26px; }}
    .stMultiSelect {_CHIPS} > span > span > span {{ white-space: normal; overflow: visible; }}
    .stMultiSelect {_CHIPS} > span ~ input {{ width: 26px; min-width: 26px; }}
    .stMain :is(.stSelectbox, .stMultiSelect, .stNumberInput, .stTextInput, .stTextArea,
        .stDateInput, .stButtonGroup) > label p {{ color: {colours.muted}; font-size: .8rem; }}
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
    .says {{ overflow-wrap: anywhere; font-size: .93rem; line-height: 1.45; margin-top: .15rem;
        max-width: 62rem;
        color: {colours.text}; }}
    [data-testid="stElementContainer"] .stHtml > .says {{ margin: .15rem 0 .2rem; }}
    /* A row of plates is as high as the other choices beside it. */
    .stMain .stButtonGroup button {{ min-height: 2.5rem; }}
    .head .question, .under {{ font-size: .87rem; color: {colours.muted}; line-height: 1.4;
        overflow-wrap: anywhere; }}
    .st-key-what_if_choice, .st-key-what_if_plates {{ margin: .5rem 0; }}
    .same ul {{ margin: .3rem 0 .1rem; padding-left: 1.1rem; }}
    .under.same li {{ font-size: .87rem !important; margin: .1rem 0; }}
    .kpi {{ display: flex; flex-direction: column; gap: .3rem; color: {colours.text}; }}
    .kpi .title {{ font-size: .93rem; padding-right: 2rem; }}
    .kpi .value {{ font-size: 1.9rem; font-weight: 600; line-height: 1.15; }}
    .kpi .change {{ display: flex; flex-wrap: wrap; gap: .1rem .45rem; align-items: baseline; }}
    .kpi .quiet {{ font-size: .8rem; color: {colours.text}; }}
    .kpi .quiet.good {{ color: {colours.good}; }}
    .kpi .quiet.bad {{ color: {colours.bad}; }}
    .pill {{
        font-size: .82rem; font-weight: 500; padding: .05rem .5rem; border-radius: 999px;
        background: {colours.line}; color: {colours.text};
    }}
    .pill.good {{ background: {tint(colours.good, colours.surface, 0.1)}; color: {colours.good}; }}
    .pill.bad {{ background: {tint(colours.bad, colours.surface, 0.1)}; color: {colours.bad}; }}
    .kpi .versus, .kpi .foot, .kpi .note {{ font-size: .8rem; color: {colours.muted}; }}
    .kpi .note {{ line-height: 1.45; }}
    .status {{ font-size: .8rem; color: {colours.muted}; line-height: 1.4; }}
    .status b {{ font-weight: 600; color: {colours.text}; }}
    .status i {{ display: inline-block; width: .68rem; height: .68rem; margin-right: .4rem;
        vertical-align: -.04rem; box-sizing: border-box; }}
    .status.on i {{ background: {colours.good}; border-radius: 50%; }}
    .status.within i {{ border: 1.5px solid {colours.good}; border-radius: 50%;
        background: linear-gradient(90deg, {colours.good} 50%, transparent 50%); }}
    .status.off i {{ background: {colours.bad}; clip-path: polygon(0 0, 100% 0, 50% 100%); }}
    .status:is(.close, .few) i {{ border: 1.5px solid {colours.muted}; border-radius: 50%; }}
    [class*="st-key-card_kpi_"] > [data-testid]:has(.kpi) {{ flex: 1 1 auto; }}
    [class*="st-key-card_kpi_"] :is(.stHtml, .kpi) {{ height: 100%; }}
    .kpi .trail {{ margin-top: auto; width: 100%; height: 58px; display: block; }}
    .quotes {{ display: flex; flex-direction: column; margin-top: .3rem; }}
    .quote {{ padding: .6rem 0; border-top: 1px solid {colours.line}; color: {colours.text}; }}
    .quote .said {{ font-size: .95rem; line-height: 1.45; overflow-wrap: anywhere; }}
    .quote .meta {{ display: flex; gap: .5rem; align-items: baseline; margin-top: .25rem;
        font-size: .8rem; color: {colours.muted}; }}
    .quote .pill {{ font-size: .78rem; font-weight: 400; padding: 0 .45rem; flex: none; }}
    .quote summary {{ cursor: pointer; list-style: none; }}
    [class*="st-key-story_"] {{
        border-left: 3px solid {colours.line}; padding-left: .8rem; margin: .35rem 0 .2rem;
    }}
    [class*="st-key-story_"] .stMarkdown p {{ font-size: .9rem; color: {colours.muted}; }}
    .told {{ font-size: .75rem; color: {colours.muted}; }}
    .portrait {{ color: {colours.text}; font-size: .9rem; }}
    .portrait .doubt {{ font-size: .8rem; color: {colours.muted}; }}
    .portrait dl {{
        display: grid; grid-template-columns: 8.5rem 1fr; gap: .25rem .8rem;
        margin: .5rem 0 .8rem; padding: 0;
    }}
    .portrait dt {{ color: {colours.muted}; margin: 0; font-size: .9rem; }}
    .portrait dd {{ margin: 0; font-size: .9rem; }}
    .portrait dd .doubt {{ margin-left: .6rem; }}
    .portrait .apart {{ display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; }}
    .portrait .apart > div {{ flex: 1 1 15rem; }}
    .portrait h4 {{ font-size: .85rem; font-weight: 600; margin: .2rem 0 .3rem; padding: 0; }}
    .portrait ul, .portrait ol {{ list-style: none; margin: 0; padding: 0; }}
    .portrait li {{ margin: 0 0 .3rem; font-size: .9rem; }}
    .portrait li .doubt {{ display: block; }}
    .portrait .planned {{ margin-top: .5rem; }}
    .portrait .planned ol {{ display: flex; flex-wrap: wrap; gap: .1rem 1rem; }}
    .stagekeys {{ display: flex; flex-wrap: wrap; gap: .1rem .9rem; margin: .3rem 0 .1rem; }}
    .stagekey {{ font-size: .8rem; color: {colours.muted}; white-space: nowrap; }}
    .stagekey i {{ display: inline-block; width: .65rem; height: .65rem; border-radius: 50%;
        margin-right: .35rem; }}
    .strip {{ display: flex; gap: .75rem; overflow-x: auto; scroll-snap-type: x mandatory; }}
    .strip .stage {{
        flex: 0 0 92%; scroll-snap-align: start; border: 1px solid {colours.line};
        border-radius: 8px; padding: .8rem; color: {colours.text};
    }}
    .strip .place, .strip .did {{ font-size: .8rem; color: {colours.muted}; }}
    .strip .name {{ font-weight: 600; }}
    .strip .did {{ display: flex; justify-content: space-between; margin-top: .4rem; }}
    .strip .bar {{ background: {colours.line}; border-radius: 3px; height: 6px; }}
    .strip .bar > div {{ height: 100%; border-radius: 3px; }}
    .lane-line {{ font-size: .87rem; color: {colours.text}; line-height: 1.5; }}
    .lane-line b {{ font-weight: 600; margin-right: .3rem; }}
    .lane-line a {{ color: {colours.accent}; white-space: nowrap; }}
    .cells {{ width: 100%; border-collapse: separate; border-spacing: 2px; font-size: .82rem;
        color: {colours.text}; font-variant-numeric: tabular-nums; }}
    .cells th {{ font-weight: 500; text-align: left; padding: .3rem .4rem; vertical-align: top;
        border: 0; }}
    .cells thead th {{ color: {colours.muted}; font-weight: 400; vertical-align: bottom; }}
    .cells td {{ padding: .3rem .4rem; border: 0; border-radius: 4px; vertical-align: top;
        line-height: 1.3; }}
    .cells .said > b {{ font-size: .93rem; font-weight: 600; white-space: nowrap; }}
    .cells .column {{ display: none; }}
    .cells .doubt span, .cells .verdict {{ white-space: nowrap; }}
    .stHtml:has(> .cells) {{ overflow-x: auto; }}
    .cells .doubt, .cells .verdict {{ font-size: .75rem;
        color: color-mix(in srgb, {colours.text} 82%, {colours.muted}); }}
    .cells .doubt {{ display: block; }}
    .cells .verdict {{ margin-left: .5rem; }}
    .cells .few, .cells .none {{ color: {colours.muted}; display: block; }}
    .cells .few {{ white-space: nowrap; }}
    .cells .long {{ display: inline-block; max-width: 15rem; overflow: hidden; white-space: nowrap;
        text-overflow: ellipsis; vertical-align: bottom; }}
    .cells thead .long {{ max-width: 7.5rem; }}
    .cells .mark {{ display: inline-block; width: .6rem; height: .6rem; border-radius: 2px;
        margin-right: .4rem; }}
    .cells.matrix td.same {{ outline: 1px dashed {colours.muted}; outline-offset: -1px; }}
    .cells.measures {{ border-spacing: 0; }}
    .cells.measures td, .cells.measures tbody th {{ border-top: 1px solid {colours.line};
        border-radius: 0; }}
    .cells.measures td.text {{ min-width: 9rem; }}
    .cells .track {{ display: block; position: relative; height: 8px; margin: .2rem 0 .1rem;
        background: linear-gradient({colours.line}, {colours.line}) center / 100% 1px no-repeat; }}
    .cells .track i {{ position: absolute; top: 2px; height: 4px; border-radius: 2px; }}
    .cells .track b {{ position: absolute; top: 0; width: 8px; height: 8px; border-radius: 50%;
        margin-left: -4px; }}
    .key {{ display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; font-size: .8rem;
        color: {colours.muted}; margin: .3rem 0; }}
    .key .mark {{ display: inline-block; width: .7rem; height: .7rem; border-radius: 2px;
        margin-right: .4rem; }}
    .cells.steps {{ table-layout: fixed; }}
    .cells.steps thead th:first-child {{ width: 24%; }}
    .cells.ways tbody th {{ width: 46%; line-height: 1.7; font-weight: 400; }}
    .cells.ways .way {{ white-space: nowrap; }}
    .cells.ways .more {{ color: {colours.muted}; }}
    .cells.ways .onto {{ margin: 0 .45rem; color: {colours.muted}; }}
    .cells.ways .times {{ font-style: normal; color: {colours.muted}; margin-left: .25rem; }}
    [class*="st-key-phone_"] {{ display: none; }}
    @media screen and (min-width: 861px) and (max-width: 1140px) {{
        .st-key-filters {{ gap: .5rem; }}
        .st-key-filters > * {{ flex: 0 1 126px; min-width: 0; }}
    }}
    @media screen and (min-width: 1141px) {{
        /* A group that is compared with needs a longer field; the others make room for it. */
        .st-key-filters:has(.st-key-against) > :not(:has(.st-key-against), :has({_CHIPS} > span)) {{
            flex: 0 0 126px; min-width: 0; }}
    }}
    @media screen and (max-width: 860px) {{
        [class*="st-key-wide_"] {{ display: none; }}
        [class*="st-key-phone_"] {{ display: flex; }}
        .strip .stage {{ flex-basis: min(92%, 20rem); }}
    }}
    @media screen and (max-width: 640px) {{
        .stMainBlockContainer {{ padding: 4rem .9rem 2rem; }}
        .stMain h1 {{ font-size: 1.35rem; }}
        .st-key-filters {{ flex-wrap: nowrap; overflow-x: auto; scroll-snap-type: x proximity;
            margin-right: -.9rem; padding-bottom: .3rem; }}
        .st-key-filters > * {{ flex: 0 0 40%; scroll-snap-align: start; }}
        .st-key-filters > :has({_CHIPS} > span) {{ max-width: 85%; }}
        .strip .stage {{ flex-basis: 92%; }}
        .cells, .cells tbody, .cells tr, .cells td, .cells th {{ display: block; width: 100%; }}
        .cells thead {{ display: none; }}
        .cells tr {{ padding: .5rem 0; border-top: 1px solid {colours.line}; }}
        .cells.measures td, .cells.measures tbody th {{ border-top: 0; }}
        .cells.ways tbody th {{ width: 100%; }}
        .cells .long {{ display: inline; white-space: normal; overflow-wrap: anywhere; }}
        .cells td {{ display: flex; gap: .6rem; justify-content: space-between; margin: 2px 0; }}
        .cells .column {{ display: inline; color: {colours.muted}; flex: 0 1 auto; }}
        .cells .said {{ flex: 1 1 auto; text-align: right; }}
        .cells td.text .said {{ text-align: left; }}
        .cells .doubt, .cells .few {{ display: inline; margin-left: .5rem; }}
        .cells .said:has(> .verdict) > .doubt {{ display: block; }}
        .cells.matrix .column {{ color: inherit; }}
        /* What is not there, or too thin to show in a matrix, needs no line of its own; a row of
           nothing says so beside its name. */
        .cells td.empty, .cells.matrix td:has(.few) {{ display: none; }}
        .cells tr:not(:has(> td:not(.empty))) > th::after {{ content: " –";
            color: {colours.muted}; }}
        .cells.matrix tr:has(.few):not(:has(> td:not(.empty, :has(.few)))) > th::after {{
            content: " too few"; color: {colours.muted}; font-weight: 400; }}
        .cells .track {{ display: none; }}
    }}
    {marks.css(colours)}
    {access.css(colours)}
    {guides.css(colours)}
    {triangle.css(colours)}
    {ledger_css(colours)}
    {map_css(colours)}
    {paper.css(colours)}
    """
