"""What the demo world plants, its pages find again, within their intervals."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from math import exp, log
from operator import itemgetter
from statistics import fmean
from typing import Any

import polars as pl
import pytest
from scipy.stats import norm, spearmanr

from journey import ROOT
from journey.__main__ import main
from journey.analysis.attribution.finding import attribute
from journey.analysis.attribution.settings import Settings
from journey.analysis.attribution.spend import read_spend, returns
from journey.analysis.changes import asking
from journey.analysis.experience import drivers as matters
from journey.analysis.experience import money, silence
from journey.analysis.experiments import readout
from journey.analysis.feedback.accuracy import accuracy
from journey.analysis.feedback.themes import themes
from journey.analysis.funnel import breakdown, compare, drivers, report
from journey.analysis.funnel.spec import Count, Funnel
from journey.analysis.funnel.steps import parse_step
from journey.analysis.pains.finding import find
from journey.analysis.pains.judged import judge
from journey.analysis.trend.course import Course
from journey.analysis.trend.course import ask as ask_course
from journey.analysis.trend.forecast import forecast
from journey.analysis.truth.scored import FOUND, MISSED, OUTSIDE
from journey.analysis.truth.scoring import score
from journey.demo.spend import SPEND
from journey.demo.world import generate
from journey.intake.ingest import ingest
from journey.intake.report import Report
from journey.metrics import metric as registry
from journey.metrics import statistics
from tests.world import Business

FIRST, LAST = date(2025, 5, 1), date(2026, 10, 31)


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Business, Report]]:
    """The demo world as it comes, taken in and built."""
    business = Business(tmp_path_factory.mktemp("shop"))
    files = generate(business.folder.demo)
    report = ingest(business.folder, business.config, "events", [str(file) for file in files])
    business.build()
    yield business, report
    business.close()


@pytest.fixture(scope="module")
def shop(delivered: tuple[Business, Report]) -> Business:
    """The business of the demo world."""
    return delivered[0]


@pytest.fixture(scope="module")
def truth(shop: Business) -> dict[str, Any]:
    """What was planted."""
    planted: dict[str, Any] = json.loads((shop.folder.demo / "truth.json").read_text())
    return planted


def rows(shop: Business, metric: str, since: date = FIRST, until: date = LAST) -> pl.DataFrame:
    """A metric over the whole world, or a part of it, as of its end."""
    return shop.answer(metric, since, until, as_of=shop.engine.snapshot.watermark).rows


def test_every_row_of_the_delivery_is_accounted_for(
    delivered: tuple[Business, Report], truth: dict[str, Any]
) -> None:
    report, counts = delivered[1], truth["counts"]
    assert report.read == counts["read"]
    assert report.accepted == counts["unique"]
    assert report.duplicate == counts["duplicates"]
    assert sum(report.rejected.values()) == counts["rejected"]
    assert sum(report.unmapped.values()) == counts["unmapped"]


def test_journeys_and_orders_per_channel_are_the_planted_ones(
    shop: Business, truth: dict[str, Any]
) -> None:
    found = {
        row["channel"]: (row["journeys"], row["orders"])
        for row in rows(shop, "channel_sources", until=LAST + timedelta(days=1)).to_dicts()
    }
    planted = truth["effects"]["channel_conversion"]["all"]
    assert found == {name: (of["journeys"], of["orders"]) for name, of in planted.items()}


def test_the_channels_come_out_in_the_planted_order(shop: Business, truth: dict[str, Any]) -> None:
    """Wherever two channels' intervals are apart, the better one is the better one by design."""
    order = truth["effects"]["channel_conversion"]["order"]
    intervals = {
        row["channel"]: statistics.wilson(row["converted"], row["mature_journeys"])
        for row in rows(shop, "channel_sources").to_dicts()
        if row["channel"] in order
    }
    told_apart = 0
    for place, better in enumerate(order):
        for worse in order[place + 1 :]:
            assert intervals[better][1] > intervals[worse][0], (better, worse)
            told_apart += intervals[better][0] > intervals[worse][1]
    assert told_apart >= 35, "most of the 55 pairs can be told apart"


def test_the_incident_shows_on_mobile_and_nowhere_else(
    shop: Business, truth: dict[str, Any]
) -> None:
    planted = truth["effects"]["incident"]
    since = date.fromisoformat(planted["since"])
    until = since + timedelta(days=planted["days"])
    weeks = timedelta(days=56)
    moved = {}
    for device in ("mobile", "desktop"):
        during, before = (
            rows(shop, "abandonment_by_device", *span).filter(pl.col("device") == device)
            for span in ((since, until), (since - weeks, since))
        )
        counts = [
            frame[column].sum()
            for frame in (during, before)
            for column in ("abandoned_carts", "carts")
        ]
        moved[device] = statistics.difference(*counts)
    assert moved["mobile"][1] > 0.15, "far more carts stay behind on mobile"
    assert moved["desktop"][1] < 0 < moved["desktop"][2], "and no more on desktop than by chance"


def test_the_split_of_the_change_puts_the_incident_on_mobile(
    shop: Business, truth: dict[str, Any]
) -> None:
    planted = truth["effects"]["incident"]
    since = date.fromisoformat(planted["since"])
    until = since + timedelta(days=planted["days"])
    now, before = (
        shop.engine.filters(*span) for span in ((since, until), (since - timedelta(56), since))
    )
    _, found = asking.ask(shop.engine, "cart_abandonment", "device", now, before)
    first = found.contributions[0]
    assert first.group == planted["device"]
    assert first.is_real
    assert found.is_real
    assert first.rate > 0.8 * found.change > 0
    assert not any(one.is_real for one in found.contributions[1:])


def test_slow_delivery_lowers_satisfaction(shop: Business, truth: dict[str, Any]) -> None:
    bands = {row["delivery"]: row for row in rows(shop, "satisfaction_by_delivery").to_dicts()}
    fast = [bands[name] for name in ("up to 2 days", "2 to 3 days", "3 to 5 days")]
    slow = [bands[name] for name in ("5 to 8 days", "over 8 days")]

    def summed(part: list[dict[str, Any]]) -> tuple[int, int]:
        return sum(row["satisfied"] for row in part), sum(row["responses"] for row in part)

    _, low, high = statistics.difference(*summed(slow), *summed(fast))
    planted = truth["effects"]["slow_delivery"]["satisfied"]
    true = {name: of["satisfied"] / of["orders"] for name, of in planted.items()}
    assert high < 0
    # Answers are not all orders: the unhappy and the delighted answer more, so the true effect
    # on all orders is near the measured one, not inside its interval by construction.
    assert low - 0.05 < true["slow"] - true["fast"] < high + 0.05


def test_satisfaction_raises_repeat_purchase(shop: Business, truth: dict[str, Any]) -> None:
    scores = {row["satisfaction"]: row for row in rows(shop, "repeat_by_satisfaction").to_dicts()}
    happy = [scores[f"{score} of 5"] for score in (4, 5)]
    unhappy = [scores[f"{score} of 5"] for score in (1, 2, 3)]
    counts = [
        sum(row[column] for row in part)
        for part in (happy, unhappy)
        for column in ("repeat_buyers", "first_time_buyers")
    ]
    _, low, _ = statistics.difference(*counts)
    assert low > 0


def chance_to_answer(truth: dict[str, Any], about: str, persona: str, shift: float = 0.0) -> float:
    """The planted chance that one who was asked answers, all scores together: the touchpoint's
    rate, times the persona's, times the mean weight of the scores that such a person gives."""
    story, planted = truth["story"], truth["effects"]["survey_non_response"]
    survey = "ces" if about == "checkout_started" else "csat"
    leniency = next(p["leniency"] for p in story["personas"] if p["name"] == persona)
    middle = dict(story["moods"])[about] + leniency + shift
    # Warmth of the person and chance of the day: standard deviations 0.35 and 0.92.
    felt = norm(middle, (0.35**2 + 0.92**2) ** 0.5)
    cuts = [float("-inf"), *story[f"{survey}_cuts"], float("inf")]
    scores = len(cuts) - 1
    weight = sum(
        (felt.cdf(cuts[n + 1]) - felt.cdf(cuts[n]))
        * planted["weights"][min(n * 5 // (scores - 1), 4)]
        for n in range(scores)
    )
    return planted["rates"][about] * planted["personas"][persona] * weight


PLAIN = ("product_viewed", "landing_page_viewed", "store_visited", "order_completed")
"""Touchpoints whose planted chance to answer hangs on nothing but person and score."""


def test_response_rates_are_the_planted_ones(shop: Business, truth: dict[str, Any]) -> None:
    found = {
        (row["touchpoint"], persona): (row["answered"], row["asked"])
        for persona in truth["effects"]["survey_non_response"]["personas"]
        for row in shop.answer(
            "response_rate", FIRST, LAST, as_of=shop.engine.snapshot.watermark, persona=[persona]
        ).rows.to_dicts()
    }
    inside = 0
    for about in PLAIN:
        answered = asked = expected = 0.0
        for persona in truth["effects"]["survey_non_response"]["personas"]:
            part, whole = found[about, persona]
            planted = chance_to_answer(truth, about, persona)
            low, high = statistics.wilson(part, whole)
            inside += low < planted < high
            answered, asked = answered + part, asked + whole
            expected += planted * whole
        low, high = statistics.wilson(answered, asked)
        assert low < expected / asked < high, about
    assert inside >= 17, "of 20 intervals of 95 %, one is expected to miss"


def test_who_answers_is_who_was_planted_to(shop: Business, truth: dict[str, Any]) -> None:
    """The shares of the personas among those who answer about a delivery, less their shares among
    the silent, are the planted ones; the loyal stand out."""
    watermark = shop.engine.snapshot.watermark
    filters = shop.engine.filters(FIRST, LAST + timedelta(days=1), watermark)
    traits = {
        trait.of: trait
        for trait in silence.silence(shop.engine, shop.config, filters)
        if (trait.touchpoint, trait.name) == ("store_visited", "persona")
    }
    personas = truth["effects"]["survey_non_response"]["personas"]
    assert set(traits) == set(personas)
    one = next(iter(traits.values()))
    everyone = {
        name: trait.answered * trait.answered_people + trait.silent * trait.silent_people
        for name, trait in traits.items()
    }
    answers = {
        name: n * chance_to_answer(truth, "store_visited", name) for name, n in everyone.items()
    }
    total = sum(everyone.values())
    assert total == pytest.approx(one.answered_people + one.silent_people)
    for name, trait in traits.items():
        there = answers[name] / sum(answers.values())
        gone = (everyone[name] - answers[name]) / (total - sum(answers.values()))
        assert trait.test.low < there - gone < trait.test.high, name
    assert traits["Loyal regular"].stands_out
    assert traits["Loyal regular"].test.low > 0


def test_what_a_point_of_satisfaction_goes_with_is_what_was_planted(
    shop: Business, truth: dict[str, Any]
) -> None:
    """Scores of 4 and 5 multiply the odds of a repeat by 2.5, given the persona. The slope that
    this gives the very same matched cases lies within the interval found."""
    watermark = shop.engine.snapshot.watermark
    filters = shop.engine.filters(FIRST, LAST + timedelta(days=1), watermark)
    found = next(
        one
        for one in money.worth(shop.engine, shop.config, filters)
        if (one.touchpoint, one.survey) == ("order_delivered", "csat")
    )
    assert found.repeat is not None
    assert found.value is not None
    story = truth["story"]
    lifts = {p["name"]: p["repeat"] for p in story["personas"]}
    persona = {row["person_id"]: row["persona"] for row in shop.table("people")}
    cases = money.alike(money.cases(shop.engine, filters).filter(touchpoint="order_delivered"))

    def chance(person: str, score: float) -> float:
        logit = story["repeat_base"] + lifts.get(persona[person], 0.0)
        logit += log(story["repeat_odds_ratio"]) * (score >= 4)
        return 1 / (1 + exp(-logit))

    planted = pl.Series(
        "planted", [chance(*row) for row in cases.select("person_id", "score").iter_rows()]
    )
    expected = money.within_slope(cases.with_columns(planted), "planted").value
    assert found.repeat.low < expected < found.repeat.high
    assert found.repeat.low > 0
    assert found.value.low > 0


def test_slow_deliveries_are_what_unhappy_customers_write_about(
    shop: Business, truth: dict[str, Any]
) -> None:
    """Comments on slow deliveries were planted as their cause: of all themes delivery pulls the
    satisfaction down most, and more so in the weeks when deliveries were slow."""
    engine = shop.engine
    found = themes(engine, engine.filters(FIRST, LAST + timedelta(days=1))).rows.to_dicts()
    worst = min((line for line in found if line["impact"] is not None), key=itemgetter("impact"))
    assert worst["theme"] == "delivery"
    assert worst["high"] < 0
    assert worst["high"] < min(line["impact"] for line in found if line["impact"]
                               and line["theme"] not in ("delivery", "packaging"))  # fmt: skip
    slow = truth["effects"]["slow_delivery"]["slow_period"]
    since = date.fromisoformat(slow["since"])
    # Who was asked after a slow delivery answers a few days later.
    until = since + timedelta(days=slow["days"] + 14)
    shares = []
    for start, end in ((since, until), (FIRST, since)):
        line = next(
            line
            for line in themes(engine, engine.filters(start, end)).rows.to_dicts()
            if line["theme"] == "delivery"
        )
        shares.append((line["negative"], line["comments"]))
    (slow_negative, slow_all), (usual_negative, usual_all) = shares
    assert slow_negative / slow_all > usual_negative / usual_all
    assert statistics.two_shares(slow_negative, slow_all, usual_negative, usual_all) < 0.05


def test_moods_are_those_that_were_written(shop: Business) -> None:
    """The demo's comments are made of some hundred sentences, so this says that those are read as
    they were meant, in each language, and nothing about other sentences."""
    engine = shop.engine
    measured = accuracy(engine, engine.filters(FIRST, LAST + timedelta(days=1)))
    assert {one.language for one in measured.languages} >= {"all", "en", "de", "es", "fr", "pt"}
    for one in measured.languages:
        assert one.accuracy is not None
        assert one.accuracy > 0.97, one
        assert one.judged / one.comments > 0.95, one


def to_order(hours: int, *devices: str) -> Funnel:
    """From the checkout to the order, on these devices."""
    begun = f"checkout_started:device={','.join(devices)}" if devices else "checkout_started"
    steps = (parse_step(begun), parse_step("order_completed"))
    return Funnel(steps, window=timedelta(hours=hours), count=Count.ENTRIES)


def test_drivers_find_the_broken_checkout(shop: Business, truth: dict[str, Any]) -> None:
    planted = truth["effects"]["incident"]
    since = date.fromisoformat(planted["since"])
    during = shop.engine.filters(since, since + timedelta(days=planted["days"]))
    told = drivers.drivers(shop.engine, to_order(24), during, 1, 2)
    surest = told.rows.row(0, named=True)
    assert surest["what"] == f"device: {planted['device']}"
    assert surest["verdict"] == "against"
    assert surest["high"] < 0.5, "far fewer go on, whatever chance did"
    before = shop.engine.filters(since - timedelta(days=90), since)
    usual = drivers.drivers(shop.engine, to_order(24), before, 1, 2).rows
    mobile = usual.row(by_predicate=pl.col("what") == f"device: {planted['device']}", named=True)
    assert mobile["low"] > surest["high"], "and before it nothing of the kind"


def test_comparing_funnels_finds_the_broken_checkout(shop: Business, truth: dict[str, Any]) -> None:
    planted = truth["effects"]["incident"]
    since = date.fromisoformat(planted["since"])
    during = shop.engine.filters(since, since + timedelta(days=planted["days"]))
    before = shop.engine.filters(since - timedelta(days=90), since)
    for device, verdict in (("mobile", "lower"), ("desktop", "within chance")):
        asked = to_order(24, device)
        now, usual = (report.ask(shop.engine, asked, span).steps for span in (during, before))
        overall, _ = compare.shifts(now, usual)
        assert overall.verdict == verdict, device
        if device == "mobile":
            ratio = (now[1].overall or 0) / (usual[1].overall or 1)
            low, high = statistics.wilson(now[1].count, now[1].entered)
            assert ratio < 0.5
            true = planted["checkouts"]["incident"]
            assert low < true["orders"] / true["checkouts"] < high


def test_the_breakdown_by_entry_channel_keeps_the_planted_order(
    shop: Business, truth: dict[str, Any]
) -> None:
    """Channels called higher than the rest stand above those called lower in what was planted."""
    steps = tuple(map(parse_step, ("consideration", "order_completed")))
    asked = Funnel(steps, window=timedelta(days=30))
    filters = shop.engine.filters(FIRST, LAST)
    table = report.table(shop.engine, asked, filters, also=["entry_channel"], mature_only=True)
    found = breakdown.breakdown(table, asked, "entry_channel").rows
    order = truth["effects"]["channel_conversion"]["order"]
    places = {
        verdict: [
            order.index(value)
            for value, said in found.select("value", "verdict").iter_rows()
            if said == verdict and value in order
        ]
        for verdict in ("higher", "lower")
    }
    assert min(map(len, places.values())) >= 2
    assert max(places["higher"]) < min(places["lower"])


def test_what_matters_to_the_whole_is_the_delivery_it_remembers(shop: Business) -> None:
    """What people think of the business is made of 0.8 of how the delivery felt and 0.6 of chance;
    what happened on the site is not in it."""
    watermark = shop.engine.snapshot.watermark
    filters = shop.engine.filters(FIRST, LAST + timedelta(days=1), watermark)
    each = {one.touchpoint: one for one in matters.drivers(shop.engine, shop.config, filters).each}
    first = next(iter(each.values()))
    assert first.touchpoint == "order_delivered"
    # Both are cut into scores, which blurs 0.8 a little, and the delivery kept no other memory.
    assert 0.65 < first.low < first.high < 0.8
    assert each["product_viewed"].low < 0.1
    assert each["order_completed"].low < 0.1


def test_attribution_ranks_channels_by_their_planted_intent(
    shop: Business, truth: dict[str, Any]
) -> None:
    """Credit follows volume; for 100 paths that hold a channel it follows how willing its visitors
    are to buy, whatever the model. Spearman's rank correlation over the eleven channels."""
    intent = {channel["name"]: channel["intent"] for channel in truth["story"]["channels"]}
    filters = shop.engine.filters(FIRST, LAST + timedelta(days=1))
    least = {"first": 0.85, "linear": 0.9, "shapley": 0.9, "time_decay": 0.85, "markov": 0.8}
    found = attribute(shop.engine, filters, Settings(with_nulls=True), list(least))
    places = [place for place, name in enumerate(found.channels) if name in intent]
    assert len(places) == len(intent) == 11
    planted = [intent[found.channels[place]] for place in places]
    for model, agreement in least.items():
        per_path = (found.orders.point[model] / found.held)[places]
        assert spearmanr(per_path, planted).statistic >= agreement, model


def test_the_campaign_s_orders_cost_more(shop: Business, truth: dict[str, Any]) -> None:
    """A wide reach at a higher price, of people less willing to buy."""
    campaign = truth["effects"]["campaign"]
    since = date.fromisoformat(campaign["since"])
    costs = {}
    for name, start in (("before", since - timedelta(days=60)), ("during", since)):
        until = since if name == "before" else since + timedelta(days=campaign["days"])
        filters = shop.engine.filters(start, until)
        found = attribute(shop.engine, filters, Settings(model="linear"), ["linear"])
        spend = read_spend(shop.folder.demo / "spend.csv", filters, "EUR")
        assert spend is not None
        rows = returns(found, spend, "linear", minimum_n=10).filter(
            pl.col("channel") == campaign["channel"]
        )
        costs[name] = rows["cpa"][0]
    assert costs["during"] > 1.6 * costs["before"], costs


def test_the_planted_pains_lead_the_ledger(shop: Business, truth: dict[str, Any]) -> None:
    filters = shop.engine.filters(FIRST, LAST + timedelta(days=1))
    found = find(shop.engine, shop.config, filters)
    planted = truth["effects"]["incident"]
    since = date.fromisoformat(planted["since"])
    assert [pain.kind for pain in found if pain.money] == ["incident", "slow_delivery"]
    for pain in found[2:]:
        assert pain.kind in ("low_score", "negative_theme"), pain.sentence
        assert pain.touchpoint in ("support_contacted", "relationship"), pain.sentence
    assert dict(found[0].who) == {"device": planted["device"]}
    assert (found[0].since, found[0].until) == (since, since + timedelta(days=planted["days"]))
    assert found[0].affected == planted["checkouts"]["incident"]["checkouts"]


def test_every_planted_effect_is_scored(shop: Business, truth: dict[str, Any]) -> None:
    """The whole of it, as `truth` prints it. With 66 intervals of 95 %, more than 8 miss once in
    a hundred worlds."""
    shutil.copyfile(shop.folder.demo / SPEND, shop.folder.spend)
    found = score(shop.engine, shop.config)
    assert {part.effect for part in found.parts} == set(truth["effects"])
    assert not found.false_alarms
    assert sum(part.low is not None for part in found.parts) >= 66
    assert found.count(OUTSIDE) <= 8
    assert found.count(FOUND) >= 48
    # What the product cannot tell at all, and what is too small for so many people.
    silent = [part.what for part in found.parts if part.verdict == MISSED and part.low is None]
    assert len(silent) <= 4, silent
    missed = [part for part in found.parts if part.verdict == MISSED and part.low is not None]
    assert sum(not part.is_small for part in missed) <= 4
    pains = [part for part in found.parts if part.rank is not None]
    assert {part.verdict for part in pains} == {FOUND}
    assert {(part.effect, part.rank) for part in pains} == {("incident", 1), ("slow_delivery", 2)}


def test_the_planted_experiment_is_read_right(shop: Business, truth: dict[str, Any]) -> None:
    """The arms as they were drawn; the planted lift within the interval; and no more claimed than
    so few people can show."""
    planted = truth["effects"]["experiment"]
    engine = shop.engine
    filters = engine.filters(FIRST, LAST + timedelta(days=1))
    found = readout.read(engine, shop.config, filters, planted["name"])
    (one,) = found.comparisons
    assert found.ratio.holds
    assert found.counted.first_on == date.fromisoformat(planted["since"])
    assert (one.arm.name, one.control.name) == ("B", "A")
    for arm in found.counted.arms:
        drawn = planted["arms"][arm.name]
        assert 0.97 * drawn["decided"] <= arm.assigned <= drawn["decided"], "people, not journeys"
        assert arm.converted / arm.people == pytest.approx(
            drawn["ordered"] / drawn["decided"], abs=0.05
        )
    assert one.relative is not None
    assert one.smallest is not None
    _, low, high = one.relative
    assert low < planted["uplift_factor"] - 1 < (high or 1)
    assert one.smallest > 0.05, "an effect of this size could hardly have been found"
    assert one.verdict == readout.NONE


def test_the_end_of_the_incident_is_judged_to_have_worked(
    shop: Business, truth: dict[str, Any]
) -> None:
    incident = truth["effects"]["incident"]
    began = date.fromisoformat(incident["since"])
    fixed = began + timedelta(days=incident["days"])
    who = {"device": incident["device"]}
    for metric in ("decision/checkout_abandonment", "decision/cart_abandonment"):
        found = judge(shop.engine, metric, who, fixed, since=began)
        assert found.verdict == "worked", metric
        assert found.effect is not None
        assert found.effect[0] < -0.2


@pytest.mark.parametrize("quiet", [date(2025, 10, 6), date(2026, 2, 16), date(2026, 9, 15)])
def test_a_fix_of_nothing_is_judged_to_have_changed_nothing(shop: Business, quiet: date) -> None:
    for metric in ("decision/checkout_abandonment", "decision/conversion_rate"):
        assert judge(shop.engine, metric, {"device": "mobile"}, quiet).verdict == "no change", (
            metric
        )


def test_the_planted_incident_is_found_as_a_change_within_a_week_and_so_is_its_end(
    shop: Business, truth: dict[str, Any]
) -> None:
    since = date.fromisoformat(truth["story"]["incident_since"])
    until = since + timedelta(days=truth["story"]["incident_days"])
    found = course(shop, "checkout_abandonment")
    (turn,) = found.turns()
    assert abs((turn.since - since).days) <= 7
    assert abs((turn.until - until).days) <= 7
    assert turn.side == 1
    assert turn.after is not None
    (strange,) = (one for one in found.ranges if one.side)
    assert since - timedelta(days=7) < strange.at < until


def test_the_planted_slow_deliveries_are_found_as_a_change(
    shop: Business, truth: dict[str, Any]
) -> None:
    since = date.fromisoformat(truth["story"]["slow_since"])
    for metric in ("slow_deliveries", "csat"):
        (turn,) = course(shop, metric).turns()
        assert abs((turn.since - since).days) <= 7
        assert turn.after is not None


def test_where_nothing_is_planted_no_change_is_told(shop: Business) -> None:
    quiet = ("support_rate", "refund_rate", "repeat_purchase_rate", "ces")
    assert [name for name in quiet if course(shop, name).turns()] == []


def course(shop: Business, name: str) -> Course:
    """The course of a metric over the whole world."""
    engine = shop.engine
    filters = engine.filters(engine.snapshot.first_day, LAST)
    found = ask_course(engine, registry.find(name), filters, 30)
    assert found is not None
    return found


def test_forecasts_hold_what_came_from_wherever_they_start(shop: Business) -> None:
    """Rolling origins, eight weeks ahead: of 30 at 95 %, 25 or more are held."""
    held = []
    for name in ("conversion_rate", "cart_abandonment", "support_rate", "refund_rate", "revenue"):
        whole = course(shop, name)
        points = whole.steps
        for known in range(24, len(points) - 8, 8):
            day = points.at[known + 7] + timedelta(days=6)
            cut = points.stretch(0, known)
            found = forecast(replace(whole, points=cut, steps=cut), day)
            came = fmean(points.shown(value) for value in points.values[known + 4 : known + 8])
            held.append(found.end.low95 <= came <= found.end.high95)
    assert len(held) >= 30
    assert sum(held) >= len(held) * 25 / 30


def test_the_target_of_the_demo_has_its_chance(
    shop: Business, capsys: pytest.CaptureFixture[str]
) -> None:
    given = "--data", str(shop.folder.root), "--config", str(ROOT / "journey.toml")
    assert main([*given, "forecast", "conversion_rate", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["by"], found["target"], found["until"]) == ("2027-03-31", 16.0, "2027-03-29")
    assert found["low95"] < found["middle"] < found["high95"]
    assert 0.05 < found["chance"] < 0.95
    assert main([*given, "forecast", "csat", "--by", "2026-12-31"]) == 0
    assert "in December 2026" in capsys.readouterr().out
    assert main([*given, "forecast", "csat", "--by", "2026-12-31", "--format", "csv"]) == 0
    assert capsys.readouterr().out.startswith("since,until,middle,low80,high80,low95,high95")
