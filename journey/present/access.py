"""The rules that let everyone use a page: ink on fills, focus that shows, targets, no motion."""

from journey.present.palette import Palette


def css(colours: Palette) -> str:
    """Style rules of the side that is shown, after WCAG 2.2 AA. No data ever enters them."""
    ink = colours.on(colours.accent)
    return f"""
    [data-tag], [data-tag] span, [data-tag] button, button[kind^="primary"],
    button[kind^="primary"] p {{ color: {ink} !important; }}
    .stMultiSelect [data-rac] > button, .stMultiSelect input {{
        min-width: 24px; min-height: 24px;
    }}
    .stDateInput [role="spinbutton"] {{
        display: inline-block; min-width: 24px; min-height: 24px; line-height: 24px;
        text-align: center;
    }}
    :is(a, button, summary, input, [tabindex="0"], [role="menuitem"]):focus-visible {{
        outline: 2px solid {colours.accent} !important; outline-offset: 2px; border-radius: 4px;
    }}
    [data-rac]:has(> input:focus-visible) {{
        outline: 2px solid {colours.accent}; outline-offset: 1px;
    }}
    label:has(input:focus-visible) {{
        outline: 2px solid {colours.accent}; outline-offset: 2px; border-radius: 4px;
    }}
    .stMain:focus-visible {{ outline-offset: -2px; }}
    [data-rac] > input:focus-visible {{ outline: 0 !important; }}
    [data-tag]:focus-visible {{ outline-color: {colours.text} !important; outline-offset: 1px; }}
    .stCode .token, .stCode .token.operator, .stCode .token.punctuation {{ color: {colours.text}; }}
    .stCode .token:is(.keyword, .function) {{ color: {colours.accent}; }}
    .stCode .token:is(.string, .number) {{ color: {colours.good}; }}
    .stCode .token.comment {{ color: {colours.muted}; }}
    [class*="st-key-menu_"] button [data-testid="stMarkdownContainer"] {{
        position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
    }}
    @media (prefers-reduced-motion: reduce) {{
        *, *::before, *::after {{
            animation-duration: .01ms !important; animation-iteration-count: 1 !important;
            transition-duration: .01ms !important; scroll-behavior: auto !important;
        }}
    }}
    """
