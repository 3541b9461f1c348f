"""The switch that adds the cases still in their time to a rate's picture, as an estimate."""

from dataclasses import dataclass

import streamlit as st

from journey.analysis import maturing
from journey.errors import JourneyError
from journey.metrics import metric as registry
from journey.metrics.answer import Answer
from journey.metrics.engine import Engine
from journey.metrics.maturity import immature_from
from journey.present import expectations
from journey.present.ui.shell import ask
from journey.present.words import label


@dataclass(frozen=True)
class Young:
    """What the switch adds to a card: the estimates to draw, and a sentence for its foot."""

    expected: tuple[maturing.Expected, ...] = ()
    sentence: str | None = None


def young(engine: Engine, answer: Answer, minimum_n: int) -> Young:
    """The switch, where the rate has immature cases that can be estimated; what it says."""
    ages = maturing.BY_AGE.get(answer.metric.full_name)
    waits = immature_from(answer.metric, answer.filters, engine.snapshot) is not None
    if ages is None or not waits:
        return Young()
    counted = st.toggle(
        "Estimate those still in their time",
        key=f"estimate_{answer.metric.name}",
        bind="query-params",
        help="Kaplan and Meier's estimate: each case counts for as long as it was watched.",
    )
    if not counted:
        return Young()
    try:
        found = maturing.expected(ask(engine, registry.find(ages), answer.filters).rows)
    except JourneyError as error:
        return Young(sentence=f"No estimate: {error}")
    if found is None:
        return Young(sentence="No case has been watched for a whole day yet.")
    everyone, weeks = found
    total = answer.total
    noun = label(answer.rows.columns[-1]).lower()
    mature = int(total.whole) if total else 0
    return Young(tuple(weeks), expectations.sentence(everyone, mature, noun, minimum_n))
