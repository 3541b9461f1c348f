"""The rules of a page on paper: A4 across, cards whole, colours kept, nothing to press."""

from journey.present.palette import Palette


def css(colours: Palette) -> str:
    """Style rules of the side that is shown. No data ever enters them.

    The page is laid out as wide as on a screen and set smaller as a whole, since charts keep the
    width they were drawn at.
    """
    return f"""
    @page {{ size: A4 landscape; margin: 10mm; }}
    @media print {{
        *, *::before, *::after {{ print-color-adjust: exact; -webkit-print-color-adjust: exact; }}
        /* What was chosen stays to be read; what only can be pressed goes. */
        header, .stSidebar, .guide, .stApp button, .stForm, .stTextInput, .stCheckbox,
        .modebar-container, [class*="st-key-menu_"], [class*="st-key-filters"],
        [class*="st-key-keep_"], .st-key-ledger_choice, [data-testid="stElementToolbar"],
        [data-testid="stExpander"]:has(details:not([open])), [data-testid="stTooltipIcon"] {{
            display: none !important;
        }}
        body, #root, .stApp, .stApp .stMain, .stMainBlockContainer,
        [data-testid="stAppViewContainer"], [data-testid="stGridCellContent"] {{
            overflow: visible !important;
        }}
        body, #root, #root > *, .stApp, [data-testid="stAppViewContainer"], .stMain {{
            position: static !important; display: block !important; width: auto !important;
            height: auto !important; min-height: 0 !important;
        }}
        body, .stApp {{ background: {colours.surface} !important; }}
        .stMainBlockContainer {{
            padding: 0 !important; max-width: none !important; zoom: .76;
        }}
        [class*="st-key-card_"], .stPlotlyChart, .cells tr, .pain, .quote, .under, h1, h3 {{
            break-inside: avoid;
        }}
        /* What is longer than a page is cut between its lines, not pushed to the next page. */
        [class*="st-key-card_"]:has(.cells tr:nth-child(9)), .st-key-card_life,
        .st-key-card_ledger, .st-key-card_life .stPlotlyChart {{ break-inside: auto !important; }}
        .head, h1, h3, .cells thead {{ break-after: avoid; }}
        .jmap {{ break-inside: avoid; }}
    }}
    """


def relit(dark: Palette, light: Palette) -> str:
    """What a page shown in dark needs on paper beside the light side's rules: each ink that is
    written into its drawings as the light side's, and the ground and texts of Streamlit's own
    theme. What is painted, and not written, is turned over."""
    inks = "".join(_ink(*pair) for pair in _pairs(dark, light).items())
    return f"""
    .stMain canvas {{ filter: invert(1) hue-rotate(180deg) brightness(1.12); }}
    .stMain img[src^="data:image/svg"] {{ filter: invert(1) hue-rotate(180deg); }}
    {inks}
    body, .stApp, .stMain, [data-testid="stAppViewContainer"] {{
        background: {light.surface} !important; color: {light.text};
    }}
    .stMain :is(h1, h2, h3), .stMain [data-testid="stMarkdownContainer"],
    .stMain [data-testid="stExpander"] summary, .stMain code {{ color: {light.text}; }}
    .stMain :is([data-rac], [data-rac] *, input, textarea, code, pre) {{
        color: {light.text} !important; background-color: transparent !important;
        border-color: {light.line} !important;
    }}
    [class*="st-key-card_"], [data-testid="stExpander"] :is(details, summary),
    [data-testid="stExpanderDetails"] {{
        border-color: {light.line} !important; background-color: {light.surface} !important;
    }}
    """


def _pairs(dark: Palette, light: Palette) -> dict[str, str]:
    """Each colour of the dark side with that of the light one; inks on a fill are each other's."""
    names = ("text", "muted", "line", "surface", "page", "accent", "good", "bad", "warm", "other")
    pairs = {getattr(dark, name): getattr(light, name) for name in names}
    pairs |= dict(zip(dark.stages, light.stages, strict=True))
    pairs |= dict(zip(dark.spare, light.spare, strict=True))
    pairs |= {dark.known[name]: light.known[name] for name in dark.known}
    return pairs | {"#FFFFFF": "#0B1220", "#0B1220": "#FFFFFF"}


def _ink(dark: str, light: str) -> str:
    """Rules for one colour, as HTML has it written and as Plotly writes it."""
    red, green, blue = (int(dark[start : start + 2], 16) for start in (1, 3, 5))
    written = f"rgb({red}, {green}, {blue})"
    return f"""
    .stMain [style*="background:{dark}"] {{ background: {light} !important; }}
    .stPlotlyChart [style*="fill: {written}"] {{ fill: {light} !important; }}
    .stPlotlyChart [style*="stroke: {written}"] {{ stroke: {light} !important; }}"""
