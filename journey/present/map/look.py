"""The rules of the map's drawing: a grid on a wide screen, a strip on a phone, a page on paper."""

from journey.present.palette import Palette, tint


def css(colours: Palette) -> str:
    """Style rules of the side that is shown. No data ever enters them."""
    return f"""
    .jmap {{
        display: grid; grid-template-columns: 6.4rem repeat(var(--stages), minmax(0, 1fr));
        grid-template-rows: repeat(var(--lanes), auto); color: {colours.text};
        font-size: .8rem; line-height: 1.35; print-color-adjust: exact;
        -webkit-print-color-adjust: exact;
    }}
    .jmap:focus-visible, .jmap a:focus-visible {{
        outline: 2px solid {colours.accent}; outline-offset: 2px; border-radius: 4px;
    }}
    .jmap .names, .jmap .stage {{
        display: grid; grid-row: 1 / -1; grid-template-rows: subgrid; min-width: 0;
    }}
    .jmap .stage {{ border-left: 1px solid {colours.line}; }}
    .jmap .stage.own-clock {{ border-left: 1px dashed {colours.muted}; }}
    .jmap .stage.opened {{ background: {tint(colours.accent, colours.surface, 0.05)}; }}
    .jmap .cell {{ position: relative; padding: .3rem .6rem .45rem; min-width: 0; }}
    .jmap .names .cell {{ padding-left: 0; color: {colours.muted}; }}
    .jmap .names .cell .fine {{ display: block; }}
    .jmap .head {{ padding-bottom: .1rem; }}
    .jmap h3, .jmap .place, .jmap .stage .lane {{ display: none; }}
    .jmap h3 {{ font-size: .95rem; font-weight: 600; margin: 0; padding: 0; }}
    .jmap .count {{ font-size: 1.15rem; font-weight: 600; line-height: 1.2; }}
    .jmap .share, .jmap .owner, .jmap .aim, .jmap .fine {{ color: {colours.muted}; }}
    .jmap .aim {{ font-style: italic; }}
    .jmap .share b {{ color: {colours.text}; }}
    .jmap .owner, .jmap .fine, .jmap .grade, .jmap .place {{ font-size: .72rem; }}
    .jmap .owner::before {{ content: "◦ "; }}
    .jmap .unseen {{
        position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
    }}
    .jmap .grade {{
        position: absolute; right: .45rem; top: .3rem; color: {colours.muted}; z-index: 1;
        border-bottom: 1px dotted transparent;
    }}
    .jmap .grade.gC {{ border-bottom-color: {colours.muted}; }}
    .jmap .flow {{ position: relative; margin: 0 -.6rem; }}
    .jmap .flow img {{ display: block; width: 100%; border-radius: 0; }}
    .jmap .journeys .flow {{ margin-top: 1.15rem; }}
    .jmap .on {{ position: absolute; right: .6rem; top: -1.15rem; white-space: nowrap;
        color: {colours.muted}; }}
    .jmap .on b {{ color: {colours.text}; }}
    .jmap .flow > .off {{ position: absolute; right: .6rem; color: {colours.muted};
        white-space: nowrap; }}
    .jmap .clock {{ position: absolute; left: .6rem; color: {colours.muted}; font-size: .72rem; }}
    .jmap .dot {{
        position: absolute; transform: translate(-50%, -50%); border-radius: 50%;
        border: 2px solid; background: currentColor; box-sizing: border-box;
        color: {colours.accent};
    }}
    .jmap .dot.hollow {{ background: {colours.surface}; }}
    .jmap .felt {{ position: absolute; left: .6rem; white-space: nowrap; }}
    .jmap .names .experience {{ display: flex; align-items: center; }}
    .jmap .names .end {{ position: absolute; font-size: .72rem; left: 0; }}
    .jmap .names .end.good {{ top: .3rem; }}
    .jmap .names .end.bad {{ bottom: .45rem; }}
    .jmap .plate {{
        display: block; text-decoration: none; color: {colours.warm}; border-radius: 6px;
        border: 1px solid {colours.warm}; padding: .2rem .45rem; margin: 0 0 .25rem;
        background: {tint(colours.warm, colours.surface, 0.06)}; line-height: 1.3;
    }}
    .jmap .plate.unpriced {{ border-color: {tint(colours.warm, colours.surface, 0.4)};
        background: transparent; }}
    .jmap .plate.unpriced span {{ color: {colours.muted}; }}
    .jmap .plate:hover {{ box-shadow: inset 0 0 0 1px {colours.warm}; }}
    .jmap .plate b {{ display: block; }}
    .jmap .plate .ends {{ font-size: .72rem; margin-left: .3rem; }}
    .jmap .pains .grade {{ display: none; }}
    .jmap q {{ font-style: italic; quotes: "“" "”"; overflow-wrap: anywhere; padding-right: .6rem;
        display: inline-block; }}
    .jmap .did {{ display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 .4rem;
        margin-bottom: .25rem; padding-right: .7rem; }}
    .jmap .did > span {{ flex: 1 1 0; min-width: 0; overflow: hidden; text-overflow: ellipsis;
        white-space: nowrap; }}
    .jmap .did b, .jmap .named b {{ font-weight: 500; color: {colours.muted}; }}
    .jmap .bar {{ flex: 0 0 100%; height: 3px; border-radius: 2px; background: {colours.line}; }}
    .jmap .bar i {{ display: block; height: 100%; border-radius: 2px; }}
    .jmap .did .fine {{ flex: 0 0 100%; }}
    .jmap .mix {{ display: flex; height: 7px; border-radius: 3px; overflow: hidden; gap: 1px;
        margin: .3rem .9rem .25rem 0; }}
    .jmap .mix i {{ height: 100%; min-width: 1px; }}
    .jmap .named {{ display: flex; align-items: baseline; gap: .35rem; padding-right: .7rem; }}
    .jmap .named i {{ flex: none; width: .5rem; height: .5rem; border-radius: 50%; }}
    .jmap .named span {{ flex: 1 1 0; min-width: 0; overflow: hidden; text-overflow: ellipsis;
        white-space: nowrap; }}
    .jmap .kpi-line {{ padding-right: .7rem; }}
    .jmap .kpi-line b {{ font-weight: 600; white-space: nowrap; }}
    .jmap .told-story {{ border-left: 2px solid {colours.line}; padding-left: .5rem;
        color: {colours.muted}; }}
    .jmap .told-story p {{ margin: 0 0 .2rem; font-size: .8rem; }}
    .jmap.apart h3 {{ display: block; }}
    .jmap .small .flow {{ margin-top: 0; }}
    .jmap .small .felt {{ font-size: .75rem; left: auto; right: .5rem; }}
    .under.map-foot b {{ color: {colours.text}; font-weight: 600; }}
    .st-key-map_stage {{ padding-left: 6.4rem; }}
    .st-key-map_stage button {{
        flex: 1 1 0; min-width: 0; justify-content: flex-start; padding: 0 .6rem;
        border-width: 0 0 1px; border-radius: 0; background: transparent;
    }}
    .st-key-map_stage button p {{ font-weight: 600; font-size: .93rem; }}
    .st-key-map_stage button > div {{ justify-content: flex-start; width: 100%; }}
    @media screen and (min-width: 861px) {{ .st-key-map_stage {{ margin-bottom: -.5rem; }} }}
    [class*="st-key-map_line_"] {{ flex-wrap: nowrap; }}
    [class*="st-key-map_line_"] > div {{ flex: 0 0 auto; width: auto; }}
    [class*="st-key-map_line_"] > div:has(.lane-line) {{ flex: 1 1 0; min-width: 0; }}
    @media screen and (min-width: 861px) and (max-width: 1280px) {{
        .jmap .did > span, .jmap .named span {{ white-space: normal; }}
    }}
    @media screen and (max-width: 860px) {{
        .jmap {{ display: flex; align-items: flex-start; overflow-x: auto; gap: .6rem;
            scroll-snap-type: x mandatory; font-size: .92rem; }}
        .jmap .names {{ display: none; }}
        .jmap .stage {{
            display: block; flex: 0 0 100%; scroll-snap-align: start; scroll-snap-stop: always;
            border: 1px solid {colours.line}; border-radius: 8px; padding: .4rem .2rem;
        }}
        .jmap h3, .jmap .place, .jmap .stage .lane {{ display: block; }}
        .jmap .place {{ color: {colours.muted}; float: right; margin-right: 1rem; }}
        .jmap .stage .cell.empty {{ display: none; }}
        .jmap .stage .lane {{ font-size: .75rem; color: {colours.muted}; margin-bottom: .15rem; }}
        .jmap .cell.journeys .lane {{ display: none; }}
        .st-key-map_stage {{ padding-left: 0; margin: 0 0 .3rem; }}
        :is(.st-key-map_stage, .st-key-map_heading) [role] {{ flex-wrap: wrap; }}
        .st-key-map_stage button {{ flex: 1 1 30%; padding: 0 .2rem; }}
    }}
    @media screen and (max-width: 640px) {{ .jmap .stage {{ flex-basis: 97%; }} }}
    @media print {{
        body:has(.jmap) [class*="st-key-overview_"],
        body:has(.jmap) [class*="st-key-card_"]:not(.st-key-card_map),
        body:has(.jmap) [data-testid="stLayoutWrapper"]:has(> [class*="st-key-overview_"]),
        .st-key-map_stage, .st-key-map_opened, .st-key-map_words, .st-key-map_personas,
        .st-key-map_heading [data-testid="stButtonGroup"] {{ display: none !important; }}
        body:has(.jmap) .stMainBlockContainer {{ gap: 0; }}
        .st-key-card_map {{ border: 0 !important; padding: 0 !important; }}
        .jmap h3 {{ display: block; }}
    }}
    """
