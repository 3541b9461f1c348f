"""What is not told in money where no order carries an amount: a value of 0 would be made up."""

from dataclasses import replace

from journey.metrics.answer import Answer
from journey.metrics.measures import measures

NONE = "No order carries an amount, so there is nothing to tell in money."

_WORDS = {"measures": 1, "matrix": 2}
"""Kind of chart to how many words its rows begin with; measures follow."""


def told(answer: Answer, currency: str | None) -> Answer:
    """The answer without its measures in money where no amount is known, else as it is."""
    words = _WORDS.get(answer.metric.chart)
    if currency is not None or words is None:
        return answer
    money = {
        column
        for measure in measures(answer.rows.columns[words:])
        if measure.unit == "money"
        for column in measure.columns
    }
    return replace(answer, rows=answer.rows.drop(money)) if money else answer
