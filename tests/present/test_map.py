"""The map shows the counts at one linear scale, and says the same in sentences."""

import base64
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest

from journey.analysis.map.voices import Voice
from journey.analysis.pains.pain import Estimate, Pain
from journey.metrics.statistics import wilson
from journey.present.map import Apart, Beside, apart, drawing, map_in_words, personas_in_words
from journey.present.map.kpis import Kpi
from journey.present.map.parts import Feeling, MapParts, Story, facts
from journey.present.map.shapes import DASHES, FALL
from journey.present.map.told import lane_words
from journey.present.palette import DARK, LIGHT, Palette

EVIL = '<a href="https://evil.example">x</a><script>1</script>%{y}'
STAGES = (
    ("awareness", 48210),
    ("consideration", 31480),
    ("decision", 14120),
    ("purchase", 6930),
    ("post_purchase", 5410),
)
TITLES = ("awareness", "consideration", "decision", "purchase", "post_purchase", "loyalty")


def pain(stage: str = "decision", title: str = "Mobile checkout", key: str = "k/a=b") -> Pain:
    """A pain of a stage."""
    return Pain(
        key=key, kind="drop_off", stage=stage, touchpoint=None, who={}, since=None, until=None,
        affected=900, observed=0.5, comparable=0.6, lost=Estimate(90, 60, 120),
        money=Estimate(24000, 18000, 30000), metric="decision/conversion_rate", title=title,
        sentence=f"{title} loses 90 orders, about EUR 24,000.",
    )  # fmt: skip


def voice(stage: str, comment: str) -> Voice:
    """What is said at a stage."""
    return Voice(stage, "checkout", "negative", comment, date(2026, 7, 1), 40, 50, 80)


PARTS = MapParts(
    stages=STAGES,
    loyalty=(1280, 4118),
    feelings={
        "awareness": Feeling(0.5, 0.3, 0.7, 400),
        "consideration": Feeling(0.2, 0.1, 0.3, 900),
        "decision": Feeling(-0.4, -0.5, -0.3, 1600),
        "loyalty": Feeling(None, 0.0, 0.0, 21),
    },
    touchpoints=(
        ("awareness", "ad_clicked", 50),
        ("awareness", "search_clicked", 30),
        ("awareness", "email_opened", 15),
        ("awareness", EVIL, 5),
        ("decision", EVIL, 10),
    ),
    channels=(("awareness", "Email", 60), ("awareness", EVIL, 40), ("decision", "Email", 10)),
    revenue=(("awareness", 48210, 482100.0), ("purchase", 6930, 482100.0)),
    kpis={
        "decision": (
            Kpi("decision/cart_abandonment", EVIL, "60 %", "58 to 62 % · 3,175 carts", 3175,
                "off", "off target", "55 %", "55 %, Checkout team"),
        )
    },
    voices=(voice("decision", EVIL),),
    pains=(pain(), pain("purchase", EVIL, f'"{EVIL}')),
    story=Story(EVIL, {"awareness": f"Wants *quiet*. {EVIL} [x](javascript:alert(1))"}),
    owners={"decision": "Checkout team", "ad_clicked": EVIL},
    currency="EUR",
)  # fmt: skip


def link(page: str, **opened: str) -> str:
    """An address that keeps a filter."""
    return "&".join([f"{page}?period=90d", *(f"{name}={value}" for name, value in opened.items())])


def drawn(parts: MapParts = PARTS, palette: Palette = LIGHT, stage: str | None = None) -> str:
    """The map."""
    return drawing(parts, palette, link, stage)


def plain(text: str) -> str:
    """The text with ordinary spaces."""
    return re.sub("[\u2009\u202f]", " ", text)


class _Text(HTMLParser):
    """Collects text, tags and pictures."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def read(html: str) -> _Text:
    """The page as a browser reads it."""
    found = _Text()
    found.feed(html)
    return found


def words(html: str) -> str:
    """All that is written on the map."""
    return re.sub(r"\s+", " ", plain(" ".join(read(html).parts)))


def pictures(html: str, alt: str = "") -> list[str]:
    """The SVG of the pictures whose words hold `alt`, in order."""
    prefix = "data:image/svg+xml;base64,"
    return [
        base64.b64decode((look["src"] or "").removeprefix(prefix)).decode()
        for tag, look in read(html).tags
        if tag == "img" and alt in (look["alt"] or "")
    ]


def rivers(html: str) -> list[str]:
    """The slices of the river."""
    return pictures(html, "journeys")


def block(picture: str, palette: Palette, stage: str) -> float:
    """How tall the block of a stage is."""
    colour = palette.stage(stage)
    found = re.search(rf"<rect x='0' y='0' width='52' height='([\d.]+)' fill='{colour}'/>", picture)
    assert found, picture
    return float(found.group(1))


def test_heights_are_linear_in_journeys() -> None:
    counts = [*(count for _, count in STAGES), 1280]
    heights = [
        block(picture, LIGHT, stage) for picture, stage in zip(rivers(drawn()), TITLES, strict=True)
    ]
    assert heights[0] == 100
    for height, count in zip(heights, counts, strict=True):
        assert height == pytest.approx(100 * count / 48210, abs=0.006)


def test_who_goes_on_and_who_leaves_add_up() -> None:
    slices = rivers(drawn())
    for picture, (_, now), (_, after) in zip(slices, STAGES, STAGES[1:], strict=False):
        band = float(re.search(r"height='([\d.]+)' fill='url\(#go\)'", picture).group(1))  # type: ignore[union-attr]
        # The branch starts where the band ends, and ends where the block does.
        top = float(re.search(r"<path d='M52 ([\d.]+)C", picture).group(1))  # type: ignore[union-attr]
        bottom = float(re.search(r"52 ([\d.]+)Z'", picture).group(1))  # type: ignore[union-attr]
        assert band == top == pytest.approx(100 * after / 48210, abs=0.006)
        assert bottom - top == pytest.approx(100 * (now - after) / 48210, abs=0.012)
        fallen = float(re.search(r"V([\d.]+)C", picture).group(1))  # type: ignore[union-attr]
        assert fallen == pytest.approx(bottom + FALL, abs=0.006)


def test_the_numbers_are_written() -> None:
    said = words(drawn())
    for text in (
        "48,210", "65 % go on", "16,730 leave", "11.2 % of all", "31 % of 4,118 buyers",
        "EUR 10 each", "good +2", "bad −2", "Ad clicked", "50 %", "−EUR 24,000", "18,000 to 30,000",
        "Checkout team", "off target (55 %)", "Checkout, 40 of 80", "Evidence: A 100 cases or more",
    ):  # fmt: skip
        assert text in said, text
    assert "100 % of all" not in said


def test_shares_carry_their_interval_for_the_pointer() -> None:
    low, high = wilson(14120, 48210)
    titles = [plain(look.get("title") or "") for _, look in read(drawn()).tags]
    assert f"14,120 of 48,210 journeys (95 %: {100 * low:.1f} to {100 * high:.1f} %)" in titles


def test_loyalty_stands_apart_on_its_own_clock() -> None:
    html = drawn()
    assert html.count("own-clock") == 1
    assert "on its own clock" in words(html)
    assert "url(#go)" not in rivers(html)[4]
    without = drawn(replace(PARTS, loyalty=None))
    assert "clock" not in words(without)


def test_a_curve_meets_its_neighbours_and_breaks_where_nothing_is_known() -> None:
    slices = [pictures(drawn(), f"{title}: it feels")[0] for title in ("Awareness", "Decision")]
    middle = pictures(drawn(), "Consideration: it feels")[0]

    def line(picture: str) -> list[tuple[float, float]]:
        found = re.search(r"<polyline points='([^']+)'[^>]+stroke-width='2.2'", picture)
        assert found
        return [tuple(map(float, point.split(","))) for point in found.group(1).split()]  # type: ignore[misc]

    first, own, last = line(slices[0]), line(middle), line(slices[1])
    assert first[-1] == (100.0, own[0][1])
    assert (own[0][0], own[-1][0]) == (0.0, 100.0)
    assert own[-1][1] == pytest.approx(last[0][1])
    assert last[-1][0] == 26.0, "purchase has no answers, so the line ends at the dot"


def test_feelings_are_sized_by_answers_and_hollow_where_few() -> None:
    html = drawn()
    sizes = [float(size) for size in re.findall(r'class="dot[^>]+;width:([\d.]+)px', html)]
    assert sizes[2] > sizes[1] > sizes[0] > sizes[3]
    assert html.count('class="dot hollow"') == 1
    said = words(html)
    assert "+0.5 n 400" in said
    assert "−0.4 n 1,600" in said
    assert "too few n 21" in said


def test_shares_are_of_all_touches_and_none_is_drawn_of_few() -> None:
    first, _, third = facts(PARTS)[:3]
    assert [(one.name, one.share) for one in first.touchpoints] == [
        ("ad_clicked", 0.5), ("search_clicked", 0.3), ("email_opened", 0.15),
    ]  # fmt: skip
    assert third.touches == 10
    assert "10 touches" in words(drawn())
    assert lane_words("channels", third, PARTS) == "Touches come through Email 10 touches."


@pytest.mark.parametrize(
    ("lane", "stage", "grade"),
    [
        ("journeys", 0, "A"), ("touchpoints", 0, "A"), ("touchpoints", 2, "C"),
        ("experience", 5, "C"), ("experience", 3, ""), ("voices", 2, "B"), ("kpis", 2, "A"),
        ("story", 0, ""), ("pains", 2, "A"), ("pains", 0, ""),
    ],
)  # fmt: skip
def test_a_cell_says_how_much_it_rests_on(lane: str, stage: int, grade: str) -> None:
    assert facts(PARTS)[stage].grade(lane) == grade


@pytest.mark.parametrize("side", [LIGHT, DARK], ids=lambda side: side.kind)
def test_text_from_data_is_escaped(side: Palette) -> None:
    tags = read(drawn(PARTS, side)).tags
    assert not [tag for tag, _ in tags if tag == "script"]
    links = [look["href"] or "" for tag, look in tags if tag == "a"]
    assert all(address.startswith("pains?period=90d") for address in links)
    for picture in pictures(drawn(PARTS, side)):
        assert "evil" not in picture


def test_a_story_may_be_marked_up_but_not_linked() -> None:
    tags = [tag for tag, _ in read(drawn()).tags]
    assert "em" in tags
    assert not [look for tag, look in read(drawn()).tags if "javascript" in str(look)]
    assert "told, not data" in words(drawn())


def test_a_pain_leads_to_its_row_of_the_ledger_with_the_filters() -> None:
    links = [look["href"] for tag, look in read(drawn()).tags if tag == "a"]
    assert links[0] == "pains?period=90d&pain=k/a=b"
    many = replace(PARTS, pains=tuple(pain(key=str(n)) for n in range(5)))
    assert "and 3 more" in words(drawn(many))


def test_where_it_should_be_is_dashed_and_its_gap_shaded() -> None:
    aim = Beside("to_be", "To be", {"purchase": 0.16, "decision": 0.2}, 0, {"decision": 1.0})
    html = drawn(replace(PARTS, beside=aim))
    decision, purchase = rivers(html)[2:4]
    height = 100 * 0.16
    assert f"M0 {height:.2f}H52" in purchase
    assert f"height='{height - 100 * 6930 / 48210:.2f}'" in purchase
    assert f"M0 {100 * 0.2:.2f}H52" in decision
    said = words(html)
    assert f"to be 16.0 %: {round(48210 * 0.16) - 6930:,} more" in said
    assert "to be 20 %: reached" in said
    assert "Dashed: To be; shaded: the gap." in said
    curve = pictures(html, "Decision: it feels")[0]
    assert "stroke-dasharray='4 3'" in curve
    assert "fill-opacity='.09'" in curve


def test_several_courses_stand_on_the_map_at_once() -> None:
    group = Beside("group", EVIL, {"purchase": 0.2}, 500, {"decision": 0.5})
    before = Beside("before", "1 May to 31 Oct 2025", {"purchase": 0.1}, 900, {"decision": -1.0})
    aim = Beside("to_be", "To be", {"purchase": 0.16}, 0, {"decision": 1.0})
    parts = replace(PARTS, beside=group, also=(before, aim))
    html = drawn(parts)
    purchase = words(html[html.index('id="map-purchase"') :])
    for text in (f"{EVIL} 20 %", "then 10.0 %", "to be 16.0 %: 784 more"):
        assert text in purchase
    assert (
        f"Dashed: {EVIL}; dotted: 1 May to 31 Oct 2025; dashed and dotted: To be; "
        "shaded: the gap to the dashed."
    ) in words(html)
    said = plain(map_in_words(parts)[3])
    assert "1 May to 31 Oct 2025: 10.0 %." in said
    assert "To be: 16.0 %: 784 more." in said
    river = rivers(html)[3]
    assert [river.count(f"stroke-dasharray='{dash}'") for dash in DASHES.values()] == [1, 1, 1]


def test_another_span_is_a_ghost() -> None:
    before = Beside("before", "1 May to 31 Oct 2025", {"purchase": 0.1}, 900)
    html = drawn(replace(PARTS, beside=before))
    assert "then 10.0 %" in words(html)
    assert "M0 10.00H52" in rivers(html)[3]
    assert "stroke-dasharray='4 3'" not in rivers(html)[2]


def test_a_lane_that_failed_is_named_and_spoils_no_other() -> None:
    html = drawn(replace(PARTS, voices=(), failed={"voices": "no such table"}))
    assert "In their words" in words(html)
    assert "not shown, see below" in words(html)
    assert "Ad clicked" in words(html)
    assert map_in_words(replace(PARTS, failed={"voices": "Broken."}))[-1].endswith(
        "In their words: not shown. Broken."
    )


def test_an_opened_stage_is_marked() -> None:
    assert "stage opened" not in drawn()
    assert re.search(r'class="stage opened"[^>]+id="map-decision"', drawn(stage="decision"))


def test_pains_alone_are_warm() -> None:
    assert drawn().count('class="plate"') == 2
    calm = drawn(replace(PARTS, pains=()))
    assert "plate" not in calm
    assert LIGHT.warm not in calm
    assert not any(LIGHT.warm in picture for picture in pictures(drawn()))


def test_little_or_nothing_does_not_fail() -> None:
    for parts in (
        MapParts(stages=()),
        MapParts(stages=(("awareness", 0), ("consideration", 0))),
        MapParts(stages=(("awareness", 5),)),
        MapParts(stages=STAGES, loyalty=(0, 0)),
        MapParts(stages=STAGES, loyalty=(0, 0), beside=Beside("to_be", "To be", {"loyalty": 0.2})),
        MapParts(
            stages=(("awareness", 5), ("consideration", 0)),
            feelings={"awareness": Feeling(None, 0, 0, 0)},
        ),
    ):
        assert "jmap" in drawn(parts)
        map_in_words(parts)
        assert "%" not in words(drawn(parts)).replace("95 %", "").replace("to be 20 %", "") or (
            parts.stages == STAGES
        )


def test_the_map_in_words_says_every_number() -> None:
    said = [plain(text) for text in map_in_words(PARTS)]
    assert len(said) == 6
    low, high = wilson(31480, 48210)
    assert said[0].startswith(
        "Awareness: 48,210 journeys. 65 % go on to consideration "
        f"({100 * low:.1f} to {100 * high:.1f} %), 16,730 leave."
    )
    for text in (
        "It feels +0.5 from −2 to +2 (+0.3 to +0.7, 400 answers).",
        "Most touches: Ad clicked 50 % (<a href",
        "A journey that got here brings EUR 10.",
        "not counted: Wants *quiet*.",
    ):
        assert text in said[0], text
    assert "Mobile checkout loses 90 orders, about EUR 24,000." in said[2]
    assert "40 of 80 comments speak of checkout like this: “" in said[2]
    assert "60 % (58 to 62 % · 3,175 carts); off target (55 %, Checkout team)." in said[2]
    assert "Owner: Checkout team." in said[2]
    assert said[4] == "Post-purchase: 5,410 journeys, 11.2 % of all."
    assert said[5].startswith(
        "Loyalty, on its own clock: 1,280 come back, 31 % of 4,118 buyers whose 90 days have "
    )
    assert "21 answers, too few to say how it feels." in said[5]


def test_personas_stand_beside_each_other_and_few_are_not_drawn() -> None:
    few = MapParts(stages=(("awareness", 29), ("consideration", 9), ("decision", 3)))
    html = apart([Apart("Researcher", PARTS), Apart(EVIL, few)], LIGHT)
    slices = pictures(html, " of ")
    assert len(slices) == 6, "the one with too few has no picture"
    assert block(slices[1], LIGHT, "consideration") == pytest.approx(40 * 31480 / 48210, abs=0.006)
    assert "29 journeys, too few to compare" in words(html)
    assert not [tag for tag, _ in read(html).tags if tag == "script"]
    said = [plain(text) for text in personas_in_words([("Researcher", PARTS), ("Gift giver", few)])]
    assert said[0].startswith("Researcher: of 48,210 journeys, 65 % consideration, 29 % decision")
    assert said[1] == "Gift giver: 29 journeys, too few to compare."
