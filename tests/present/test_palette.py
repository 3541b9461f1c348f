"""Colours can be read, and told apart by everyone."""

from itertools import combinations

import numpy as np
import numpy.typing as npt
import pytest

from journey.config import STAGES
from journey.present.palette import DARK, LIGHT, Palette, contrast, palette, tint
from journey.present.style import css

SIDES = pytest.mark.parametrize("side", [LIGHT, DARK], ids=lambda side: side.kind)

Colours = npt.NDArray[np.float64]

# Machado, Oliveira and Fernandes 2009, severity 1, for linear RGB.
VISION = {
    "ordinary": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}


def lab(colour: str, vision: str) -> Colours:
    """The colour in CIE L*a*b* (D65) as such eyes see it."""
    shares = np.array([int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)])
    linear = np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)
    seen = np.clip(VISION[vision] @ linear, 0, 1)
    to_xyz = np.array(
        [
            [0.4124564, 0.3575761, 0.1804375],
            [0.2126729, 0.7151522, 0.0721750],
            [0.0193339, 0.1191920, 0.9503041],
        ]
    )
    xyz = to_xyz @ seen / np.array([0.95047, 1.0, 1.08883])
    curved = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array(
        [
            116 * curved[1] - 16,
            500 * (curved[0] - curved[1]),
            200 * (curved[1] - curved[2]),
        ]
    )


def distance(one: str, other: str, vision: str) -> float:
    """The CIE76 distance; 2.3 is just noticeable side by side."""
    return float(np.linalg.norm(lab(one, vision) - lab(other, vision)))


def own_colours(side: Palette) -> dict[str, str]:
    """The first channel of each colour, and Other."""
    first = {colour: name for name, colour in reversed(list(side.known.items()))}
    return {name: colour for colour, name in first.items()} | {"Other": side.other}


def test_the_side_is_chosen_by_name() -> None:
    assert palette("dark") is DARK
    assert palette("light") is LIGHT
    assert palette("sepia") is LIGHT


@SIDES
def test_text_can_be_read_on_card_and_page(side: Palette) -> None:
    for ground in (side.surface, side.page):
        for ink in (side.text, side.muted, side.accent, side.good, side.bad, side.warm):
            assert contrast(ink, ground) >= 4.5, (ink, ground)


@SIDES
def test_text_can_be_read_on_a_breath_of_its_own_colour(side: Palette) -> None:
    for ink, share in ((side.good, 0.1), (side.bad, 0.1), (side.warm, 0.06)):
        assert contrast(ink, tint(ink, side.surface, share)) >= 4.5, ink
    assert contrast(side.muted, tint(side.accent, side.surface, 0.05)) >= 4.5
    assert contrast(side.on(side.accent), side.accent) >= 4.5


@SIDES
def test_marks_can_be_seen_on_the_card(side: Palette) -> None:
    for colour in (*side.stages, *side.known.values(), *side.spare, side.other):
        assert contrast(colour, side.surface) >= 3, colour


@SIDES
def test_text_on_a_stage_can_be_read(side: Palette) -> None:
    for colour in side.stages:
        assert contrast(side.on(colour), colour) >= 4.5, colour


@SIDES
def test_stages_grow_stronger_along_the_journey_in_steps_that_show(side: Palette) -> None:
    assert len(side.stages) == len(STAGES)
    for fainter, stronger in zip(side.stages, side.stages[1:], strict=False):
        assert contrast(fainter, side.surface) < contrast(stronger, side.surface)
        for vision in VISION:
            assert distance(fainter, stronger, vision) >= 7, (fainter, stronger, vision)
    assert side.stage("awareness") == side.stages[0]
    assert side.stage("loyalty") == side.stages[5]
    assert side.stage("no stage") == side.other


@SIDES
@pytest.mark.parametrize("vision", VISION)
def test_channels_stay_apart_for_all_eyes(side: Palette, vision: str) -> None:
    colours = own_colours(side)
    assert len(colours) == 12
    for one, other in combinations(colours, 2):
        assert distance(colours[one], colours[other], vision) >= 10, (one, other)


@SIDES
@pytest.mark.parametrize("vision", VISION)
def test_the_tone_of_pains_is_no_channel(side: Palette, vision: str) -> None:
    for name, colour in own_colours(side).items():
        assert distance(colour, side.warm, vision) >= 10, name


@SIDES
def test_good_and_bad_differ_in_more_than_hue(side: Palette) -> None:
    # They always come with an arrow and a word too.
    for vision in VISION:
        assert distance(side.good, side.bad, vision) >= 10, vision


@SIDES
def test_a_name_has_one_colour_for_ever(side: Palette) -> None:
    assert side.channels("Email") == side.known["Email"]
    assert side.channels("Carrier pigeon") == side.channels("Carrier pigeon")
    assert side.channels("Carrier pigeon") in side.spare
    assert side.channels("desktop") == side.spare[zlib_place("desktop", len(side.spare))]
    for nameless in (None, "", "Other", "Unknown", "Unassigned"):
        assert side.channels(nameless) == side.other


def zlib_place(name: str, places: int) -> int:
    """Where CRC-32 puts a name: unlike hash(), the same in every process."""
    crc = 0xFFFFFFFF
    for byte in name.encode():
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0xEDB88320 if crc & 1 else 0)
    return (crc ^ 0xFFFFFFFF) % places


def test_what_is_shown_in_dark_is_printed_in_the_inks_of_the_light_side() -> None:
    printed = css(DARK).partition("@media print")[2]
    for dark, light in (
        *zip(DARK.stages, LIGHT.stages, strict=True),
        *zip(DARK.spare, LIGHT.spare, strict=True),
        *((DARK.known[name], LIGHT.known[name]) for name in DARK.known),
        *((getattr(DARK, name), getattr(LIGHT, name)) for name in ("accent", "warm", "text")),
    ):
        red, green, blue = (int(dark[start : start + 2], 16) for start in (1, 3, 5))
        assert f'"background:{dark}"] {{ background: {light} !important' in printed
        for part in ("fill", "stroke"):
            rule = f'"{part}: rgb({red}, {green}, {blue})"] {{ {part}: {light} !important'
            assert rule in printed, (dark, part)
