"""What was planted in how people feel, who says so, and what comes of it."""

from math import exp, log

import polars as pl

from journey.analysis.experience import money, silence
from journey.analysis.truth.scored import Part, Scored
from journey.analysis.truth.truthfile import Asked
from journey.metrics import metric as registry
from journey.metrics import statistics

SLOW_BANDS = ("5 to 8 days", "over 8 days")
"""The bands of `satisfaction_by_delivery` beyond the days after which a delivery is slow."""


def deliveries(asked: Asked) -> list[Scored]:
    """By how many points fewer are satisfied with a slow delivery, of those who say so."""
    effect = asked.effects["slow_delivery"]
    likely = {
        name: one["satisfied"] / one["answers"] if one["answers"] else 0.0
        for name, one in effect["answers_expected"].items()
    }
    real = {
        name: one["satisfied"] / one["orders"] if one["orders"] else 0.0
        for name, one in effect["satisfied"].items()
    }
    part = Part(
        "slow_delivery", "satisfied with the delivery", f"over {effect['over_days']:g} days",
        "points", likely["slow"] - likely["fast"], real["slow"] - real["fast"],
        "post_purchase/satisfaction_by_delivery",
    )  # fmt: skip
    rows = asked.engine.run(registry.find("satisfaction_by_delivery"), asked.frame()).rows
    is_slow = pl.col("delivery").is_in(SLOW_BANDS)
    slow, fast = (
        [float(own[name].sum()) for name in ("satisfied", "responses")]
        for own in (rows.filter(is_slow), rows.filter(~is_slow))
    )
    enough = min(slow[1], fast[1]) >= asked.config.minimum_n
    note = "Realised is of all orders, answered or not."
    return [part.judged(statistics.difference(*slow, *fast) if enough else None, 0.0, note=note)]


def repeats(asked: Asked) -> list[Scored]:
    """How many more of those who are a point more satisfied with the delivery order again.

    Planted are odds; they give every matched case its chance, and the planted size is the slope of
    these chances on the scores of the very same cases.
    """
    effect, engine = asked.effects["repeat_purchase"], asked.engine
    frame = asked.frame()
    found = next(
        (
            one
            for one in money.worth(engine, asked.config, frame)
            if (one.touchpoint, one.survey) == ("order_delivered", "csat")
        ),
        None,
    )
    planted, real = 0.0, effect["orders"]
    if found is not None and found.repeat is not None:
        cases = money.alike(money.cases(engine, frame).filter(touchpoint="order_delivered"))
        planted = money.within_slope(cases.with_columns(_chances(asked, cases)), "chance").value
    part = Part(
        "repeat_purchase", "ordering again, for a point of satisfaction more", "",
        "points", planted, None, "experience money",
    )  # fmt: skip
    rates = [
        one["repeated"] / one["orders"] if one["orders"] else 0.0
        for one in (real["satisfied"], real["unsatisfied"])
    ]
    note = (
        f"Of all satisfied buyers {100 * rates[0]:.0f} % ordered again, of others "
        f"{100 * rates[1]:.0f} %: odds times {effect['odds_ratio']:g} given the persona."
    )
    slope = found.repeat if found else None
    ends = None if slope is None else (slope.value, slope.low, slope.high)
    return [part.judged(ends, 0.0, note=note)]


def _chances(asked: Asked, cases: pl.DataFrame) -> pl.Series:
    """The planted chance of each case to order again."""
    story = asked.story
    lifts = {persona["name"]: persona["repeat"] for persona in story["personas"]}
    people = asked.engine.table("select person_id, persona from people", asked.frame())
    persona = dict(people.iter_rows())
    raised = log(story["repeat_odds_ratio"])
    chances = []
    for person, score in cases.select("person_id", "score").iter_rows():
        logit = story["repeat_base"] + lifts.get(persona.get(person), 0.0)
        chances.append(1 / (1 + exp(-logit - raised * (score >= 4))))
    return pl.Series("chance", chances, dtype=pl.Float64)


def answering(asked: Asked) -> list[Scored]:
    """How many of those asked about each touchpoint answer, and how the kinds of customers differ
    in it: their share of those who answered about a visit to the store, less that of the silent."""
    effect, engine = asked.effects["survey_non_response"], asked.engine
    rows = engine.run(registry.find("response_rate"), asked.frame()).rows
    found = {row["touchpoint"]: (row["answered"], row["asked"]) for row in rows.to_dicts()}
    lines = []
    for about, personas in effect["asked"].items():
        whole = sum(one["asked"] for one in personas.values())
        part = Part(
            "survey_non_response", f"answers about {about}", "", "share",
            sum(one["answers_expected"] for one in personas.values()) / whole if whole else 0.0,
            None, "satisfaction/response_rate",
        )  # fmt: skip
        told, of = found.get(about, (0, 0))
        enough = of >= asked.config.minimum_n
        seen = (told / of, *statistics.wilson(told, of)) if enough else None
        note = "" if of else "The events do not say who was asked."
        lines.append(part.judged(seen, note=note))
    return [*lines, *_personas(asked)]


def _personas(asked: Asked) -> list[Scored]:
    """Who speaks louder than they are."""
    about = "store_visited"
    personas = asked.effects["survey_non_response"]["asked"][about]
    told = sum(one["answers_expected"] for one in personas.values())
    silent = sum(one["asked"] for one in personas.values()) - told
    found = {
        trait.of: trait
        for trait in silence.silence(asked.engine, asked.config, asked.frame())
        if (trait.touchpoint, trait.name) == (about, "persona")
    }
    lines = []
    for name, one in personas.items():
        there = one["answers_expected"] / told if told else 0.0
        gone = (one["asked"] - one["answers_expected"]) / silent if silent else 0.0
        part = Part(
            "survey_non_response", f"{name} among those who answer", "store visits", "points",
            there - gone, None, "experience silence",
        )  # fmt: skip
        trait = found.get(name)
        ends = (trait.test.difference, trait.test.low, trait.test.high) if trait else None
        lines.append(part.judged(ends, 0.0))
    return lines
