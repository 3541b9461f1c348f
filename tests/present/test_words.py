"""Numbers and texts read as a reader expects, and claim no more than was found."""

from dataclasses import FrozenInstanceError
from datetime import date, datetime

import pytest

from journey.metrics.answer import Total
from journey.metrics.filters import Filters
from journey.metrics.statistics import nps, wilson
from journey.present.words import (
    NOTHING,
    change,
    escape_markdown,
    escape_plotly,
    exact,
    interval,
    label,
    listed,
    period,
    sentence,
    show,
)


def rate(part: float, whole: float) -> Total:
    """A share as an answer gives it."""
    return Total(part, whole, part / whole, *wilson(part, whole))


def plain(text: str) -> str:
    """The text with ordinary spaces."""
    return text.replace("\u2009", " ")


@pytest.mark.parametrize(
    ("value", "unit", "currency", "words"),
    [
        (0.144, "percent", None, "14.4 %"),
        (0.82, "percent", None, "82 %"),
        (0.0041, "percent", None, "0.41 %"),
        (0.0, "percent", None, "0 %"),
        (1.0, "percent", None, "100 %"),
        (0.997, "percent", None, "99.7 %"),
        (0, "journeys", None, "0"),
        (7, "journeys", None, "7"),
        (45317, "journeys", None, "45,000"),
        (14120, "carts", None, "14,100"),
        (24000, "money", "EUR", "EUR 24,000"),
        (-310.4, "money", "EUR", "EUR −310"),
        (6.24, "days", None, "6.2 days"),
        (-0.0012, "points", None, "−0.0012"),
        (None, "percent", None, NOTHING),
        (float("nan"), "percent", None, NOTHING),
    ],
)
def test_a_card_shows_two_significant_digits(
    value: float | None, unit: str, currency: str | None, words: str
) -> None:
    assert plain(show(value, unit, currency)) == words


def test_a_table_shows_all_digits() -> None:
    assert exact(45317, "journeys") == "45,317"
    assert plain(exact(0.14372, "percent")) == "14.37 %"
    assert exact(412345.5, "money", "EUR") == "EUR 412,345.50"
    assert exact(None, "money", "EUR") == NOTHING


@pytest.mark.parametrize(
    ("low", "high", "unit", "words"),
    [
        (0.141, 0.147, "percent", "14.1 to 14.7 %"),
        (0.80, 0.84, "percent", "80 to 84 %"),
        (0.5, 0.5, "percent", "50 to 50 %"),
        (-4.2, 12.1, "points", "−4.2 to 12.1"),
    ],
)
def test_an_interval_has_its_unit_once(low: float, high: float, unit: str, words: str) -> None:
    assert plain(interval(low, high, unit)) == words


def test_an_interval_may_be_unknown() -> None:
    assert interval(None, None, "percent") == NOTHING


def test_a_clear_fall_of_a_good_rate_is_bad() -> None:
    fell = change(rate(6525, 45317), rate(6930, 45300), "percent", "higher")
    assert (fell.arrow, fell.judgement) == ("↓", "bad")
    assert plain(fell.words) == "fell 0.9 points (15.3 to 14.4 %), more than chance would explain"
    assert fell.short == "0.9 points, worse"


def test_the_same_fall_is_good_where_less_is_better() -> None:
    fell = change(rate(6525, 45317), rate(6930, 45300), "percent", "lower")
    assert (fell.arrow, fell.judgement, fell.short) == ("↓", "good", "0.9 points, better")


def test_where_neither_is_better_nothing_is_judged() -> None:
    fell = change(rate(6525, 45317), rate(6930, 45300), "percent", "neither")
    assert fell.judgement == "none"
    assert "more than chance would explain" in fell.words


def test_the_same_fall_in_fewer_journeys_is_chance() -> None:
    fell = change(rate(65, 453), rate(69, 453), "percent", "higher")
    assert fell.judgement == "none"
    assert "no more than chance would explain" in fell.words


def test_too_few_are_not_judged() -> None:
    fell = change(rate(1, 29), rate(28, 29), "percent", "higher")
    assert fell.judgement == "none"
    assert fell.words.endswith("too few to judge")
    judged = change(rate(1, 29), rate(28, 29), "percent", "higher", minimum_n=20)
    assert judged.judgement == "bad"


def test_scores_are_judged_by_their_intervals() -> None:
    def total(promoters: int, detractors: int, responses: int) -> Total:
        return Total(promoters - detractors, responses, *nps(promoters, detractors, responses))

    rose = change(total(600, 200, 1000), total(450, 300, 1000), "points", "higher")
    assert (rose.arrow, rose.judgement) == ("↑", "good")
    assert rose.words.startswith("rose 25 points (15.0 to 40)")
    assert change(total(6, 2, 40), total(5, 3, 40), "points", "higher").judgement == "none"


def test_bare_counts_are_described_and_not_judged() -> None:
    rose = change(6930.0, 6200.0, "orders", "higher")
    assert plain(rose.words) == "rose 11.8 % (6,200 to 6,900)"
    assert rose.judgement == "none"
    assert "chance" not in rose.words
    money = change(120.0, 100.0, "money", "higher", currency="EUR")
    assert plain(money.words) == "rose 20 % (EUR 100 to EUR 120)"


def test_nothing_to_compare_with_says_so() -> None:
    for before in (None, Total(0, 0, None, None, None)):
        first = change(rate(10, 100), before, "percent", "higher")
        assert (first.arrow, first.judgement) == ("", "none")
    assert change(5.0, 5.0, "orders", "higher").arrow == "→"
    assert change(0.0, 0.0, "money", "higher").short == "unchanged"
    assert change(12.0, 0.0, "orders", "higher").words == "rose 12 (0 to 12)"


def test_a_change_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        change(1.0, 2.0, "orders", "higher").arrow = "↑"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("post_purchase", "Post-purchase"),
        ("in_store", "In store"),
        ("organic_search", "Organic search"),
        ("Paid Social", "Paid Social"),
        ("nps", "NPS"),
        ("mobile", "Mobile"),
        ("DE", "DE"),
        ("___", "___"),
        ("", "Unknown"),
        ("   ", "Unknown"),
        (None, "Unknown"),
    ],
)
def test_labels(name: str | None, words: str) -> None:
    assert label(name) == words


def test_periods_are_said_with_their_last_day() -> None:
    assert period(date(2026, 7, 1), date(2026, 10, 1)) == "1 Jul to 30 Sep 2026"
    assert period(date(2025, 12, 31), date(2026, 1, 2)) == "31 Dec 2025 to 1 Jan 2026"
    assert period(date(2026, 2, 28), date(2026, 3, 1)) == "28 Feb 2026"


def test_lists() -> None:
    assert listed([]) == ""
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"


AT = datetime(2026, 11, 22, 6)


def asked(**where: tuple[str, ...]) -> Filters:
    """Filters of the third quarter."""
    return Filters(date(2026, 7, 1), date(2026, 10, 1), AT, where)


def test_the_sentence_is_made_from_the_filters() -> None:
    assert plain(sentence(asked(), 0.94, AT, "UTC", 30)) == (
        "Journeys that began 1 Jul to 30 Sep 2026, all channels, all personas. "
        "94 % of them have had their 30 days. As of 22 Nov 2026, 06:00 UTC."
    )


def test_the_sentence_names_what_was_chosen() -> None:
    said = sentence(asked(channel=("Email", "in_store"), device=("mobile",)), 1, AT, "UTC", 14)
    assert "channel Email or In store, all personas, device Mobile." in said
    assert "All of them have had their 14 days." in said
    many = sentence(asked(country=("DE", "FR", "IT", "ES", "PT")), 0, AT, "UTC", 30)
    assert "country DE, FR or 3 others" in many
    assert "None of them has had their 30 days yet." in many


def test_the_sentence_speaks_the_reporting_time() -> None:
    assert "22 Nov 2026, 07:00 CET." in sentence(asked(), None, AT, "Europe/Berlin", 30)
    assert "03:00 America/Sao_Paulo." in sentence(asked(), None, AT, "America/Sao_Paulo", 30)
    assert "of them" not in sentence(asked(), None, AT, "UTC", 30)


def test_markdown_is_made_literal() -> None:
    active = "\\`*_{}[]()#+-.!|<>~:$"
    assert escape_markdown(active) == "".join(f"\\{sign}" for sign in active)
    assert "\n" not in escape_markdown("# a\n- b")
    # Renderers link bare addresses after escapes are resolved: the word joiner stops them.
    assert escape_markdown("https://evil.example").startswith("https\u2060")
    assert escape_markdown("www.evil.example").startswith("www\u2060")
    assert "e\u2060\\@" in escape_markdown("me@evil.example")
    assert escape_markdown("Häufig 日本") == "Häufig 日本"


def test_plotly_text_is_made_literal() -> None:
    assert escape_plotly("<a href='x'>&</a>") == "&lt;a href='x'&gt;&amp;&lt;/a&gt;"
    assert "%{" not in escape_plotly("%{y} %{customdata[0]}")
    assert "$" not in escape_plotly("$\\alpha$")
    assert escape_plotly("a\nb") == "a b"
    assert escape_plotly("22\u2009%") == "22\u2009%", "a number stays by its sign"
