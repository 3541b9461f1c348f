"""Every colour of the product, on its light and its dark side."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from journey.config import STAGES

MOST_COLOURS = 7
"""The most categories a picture colours; what remains is Other, in grey."""

OTHER = "Other"

_APART = {
    **{"csat": 0, "nps": 1, "ces": 2, "desktop": 0, "mobile": 4, "tablet": 2},
    **{"negative": 4, "neutral": 0, "positive": 3},
}
"""Names that stand together in one picture, with a spare colour each."""

_NAMELESS = {"", OTHER, "Unknown", "Unassigned", "(other)", "unjudged"}


@dataclass(frozen=True)
class Palette:
    """One side's colours, as `#RRGGBB`."""

    kind: str
    """`light` or `dark`."""
    text: str
    muted: str
    line: str
    """Rules and borders."""
    surface: str
    """The card."""
    page: str
    """Behind the cards."""
    accent: str
    """The one line or bar a picture is about."""
    good: str
    bad: str
    warm: str
    """Pains, and nothing else."""
    other: str
    """The grey of Other."""
    stages: tuple[str, ...]
    """One hue in six steps along the journey, from the faintest on the card to the strongest."""
    known: Mapping[str, str]
    """Channel to its colour."""
    spare: tuple[str, ...]
    """For names that are not known."""

    def channels(self, name: str | None) -> str:
        """The colour of a channel, or of any category: the same name, the same colour, always."""
        if name is None or name in _NAMELESS:
            return self.other
        if name in self.known:
            return self.known[name]
        if name in _APART:
            return self.spare[_APART[name]]
        return self.spare[zlib.crc32(name.encode()) % len(self.spare)]

    def stage(self, name: str) -> str:
        """The colour of a stage; grey for a name that is none."""
        return self.stages[STAGES.index(name)] if name in STAGES else self.other

    def on(self, fill: str) -> str:
        """The ink that is easiest to read on a fill: white, or nearly black."""
        return max("#FFFFFF", "#0B1220", key=lambda ink: contrast(ink, fill))


def palette(kind: str) -> Palette:
    """The colours of the `light` or the `dark` side; light for anything else."""
    return DARK if kind == "dark" else LIGHT


def fade(colour: str, share: float) -> str:
    """The colour at a share of its strength, for bands and ribbons.

    >>> fade("#102030", 0.25)
    'rgba(16,32,48,0.25)'
    """
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share:g})"


def tint(colour: str, ground: str, share: float) -> str:
    """The ground with a breath of the colour in it, on which the colour itself still reads.

    >>> tint("#000000", "#FFFFFF", 0.2)
    '#CCCCCC'
    """
    parts = (
        round(int(colour[at : at + 2], 16) * share + int(ground[at : at + 2], 16) * (1 - share))
        for at in (1, 3, 5)
    )
    return "#" + "".join(f"{part:02X}" for part in parts)


def contrast(one: str, other: str) -> float:
    """The contrast of two colours by WCAG 2, from 1 to 21.

    >>> round(contrast("#FFFFFF", "#000000"), 1)
    21.0
    """
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    """The relative luminance of WCAG 2."""
    parts = []
    for start in (1, 3, 5):
        share = int(colour[start : start + 2], 16) / 255
        parts.append(share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4)
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def _channels(*colours: str) -> Mapping[str, str]:
    """The eleven colours, in the order of the names below, and the names that share one.

    The eleven were searched for together: far apart for every kind of colour vision, 3:1 on the
    card, and away from the warm tone of pains. The rarer channels of the standard grouping take
    the colour of the one they are closest to in meaning.
    """
    names = (
        "Direct", "Organic Search", "Paid Search", "Paid Social", "Organic Social", "Email",
        "Referral", "Affiliates", "Display", "in_store", "call_center",
    )  # fmt: skip
    known = dict(zip(names, colours, strict=True))
    kin = {
        "Cross-network": "Display",
        "Paid Shopping": "Paid Search",
        "Paid Video": "Display",
        "Paid Other": "Display",
        "Organic Shopping": "Organic Search",
        "Organic Video": "Organic Social",
        "Audio": "Display",
        "SMS": "Email",
        "Mobile Push Notifications": "Email",
        "AI Assistant": "Referral",
        "print": "Affiliates",
        "event": "in_store",
        "field_sales": "call_center",
        "direct_mail": "Email",
    }
    return MappingProxyType(known | {name: known[near] for name, near in kin.items()})


LIGHT = Palette(
    kind="light",
    text="#1F2A37",
    muted="#66727F",
    line="#E3E7EC",
    surface="#FFFFFF",
    page="#F8F9FB",
    accent="#0E7490",
    good="#0B7A4B",
    bad="#BE2F37",
    warm="#B4532A",
    other="#7B8794",
    stages=("#6D94C5", "#4776B0", "#34619A", "#214E86", "#1A3D68", "#082C55"),
    known=_channels(
        "#6B85F6", "#2C9972", "#005178", "#961A3F", "#8E55D1", "#A19404",
        "#007382", "#919554", "#AD76BF", "#713913", "#6C39B3",
    ),
    spare=("#4F6D8A", "#6B7F3A", "#8A5A83", "#3F7F8C", "#8C6A4F"),
)  # fmt: skip

DARK = Palette(
    kind="dark",
    text="#E6EAF0",
    muted="#98A4B3",
    line="#2B3541",
    surface="#161D27",
    page="#0F151D",
    accent="#4DBBD5",
    good="#4CC38A",
    bad="#FF8080",
    warm="#F2A470",
    other="#8A96A3",
    stages=("#3D6EAB", "#4B81C6", "#6198DE", "#80AEEA", "#A4C7F5", "#C9E1FF"),
    known=_channels(
        "#7887F8", "#AEEFC4", "#7AB2EE", "#B55F73", "#855AD5", "#7D8848",
        "#73EDF1", "#E5E02A", "#936593", "#DE531C", "#917EBB",
    ),
    spare=("#8FB0CF", "#A9BF73", "#C795BF", "#74BFCC", "#CFA684"),
)  # fmt: skip
