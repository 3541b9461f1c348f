"""The tables that pages show and no single SQL file gives, by name, so that each can be run.

A name is one of its own among metrics too, and is found with and without its page.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial

import polars as pl

from journey.analysis.feedback.themes import SURVEYS
from journey.config import Config
from journey.errors import MetricError
from journey.metrics import masks
from journey.metrics import metric as registry
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters
from journey.surveys import METHODS


@dataclass(frozen=True)
class Asked:
    """What a table is asked of: where, under which configuration, for which frame, and of whom,
    where a table is of one person or persona and the reader named one."""

    engine: Engine
    config: Config
    filters: Filters
    of: str | None = None


@dataclass(frozen=True)
class Table:
    """One table: where it is shown, what it answers, what a row is and how it is worked out."""

    page: str
    name: str
    question: str
    grain: str
    rows: Callable[[Asked], pl.DataFrame]
    is_of_one: bool = False
    """Whether it is of one person or persona, whom `Asked.of` names."""

    @property
    def full_name(self) -> str:
        """As `metrics` lists it: `page/name`."""
        return f"{self.page}/{self.name}"


def find(name: str) -> Table | None:
    """The table `name` or `page/name`; None where it is none, as the name of a metric is not."""
    return tables().get(name)


@cache
def tables() -> Mapping[str, Table]:
    """All tables by name, with the page and without."""
    return {
        name: table
        for table in (*_feelings(), *_words(), *_returns(), *_lifetimes(), *_people())
        for name in (table.name, table.full_name)
    }


def _feelings() -> Iterator[Table]:
    """Of the satisfaction page."""
    page = "satisfaction"
    yield Table(
        page, "experience_curve", "How does it feel along the stages?",
        "one row per stage, then one per touchpoint", _curve,
    )  # fmt: skip
    yield Table(
        page, "experience_by_touchpoint", "Which touchpoints lift the curve, which pull it down?",
        "one row per touchpoint",
        lambda asked: _curve(asked).filter(pl.col("touchpoint").is_not_null()),
    )  # fmt: skip
    yield Table(
        page, "what_matters", "Which touchpoints move what customers think of us as a whole?",
        "one row per touchpoint", _drivers,
    )  # fmt: skip
    for survey in METHODS:
        for by in ("touchpoint", "stage", "channel", "persona", "device", "country", "month"):
            yield Table(
                page, f"{survey}_scores_by_{by}",
                f"How is {survey.upper()} by {by}, and what moved against the span before?",
                f"one row per {by}", partial(_scores, survey, by),
            )  # fmt: skip
    yield Table(
        page, "answering_and_silent", "Do the answers speak for everyone who was asked?",
        "one row per touchpoint and trait", _silence,
    )  # fmt: skip
    yield Table(
        page, "satisfaction_to_money", "What does one point more go with after an order?",
        "one row per touchpoint and survey", _money,
    )  # fmt: skip


def _words() -> Iterator[Table]:
    """Of the feedback page."""
    page = "feedback"
    for survey in SURVEYS:
        yield Table(
            page, f"theme_impact_on_{survey}", "Which themes go with a better or a worse score?",
            "one row per theme", partial(_themes, survey),
        )  # fmt: skip
    yield Table(
        page, "found_themes", "What do they write about that no theme names?",
        "one row per found theme", _found,
    )  # fmt: skip
    yield Table(
        page, "comments", "What do they say, in their own words?", "one row per comment, masked",
        _comments,
    )  # fmt: skip
    yield Table(
        page, "mood_accuracy", "How often is a mood that of the score its writer gave?",
        "one row per language", _accuracy,
    )  # fmt: skip


def _returns() -> Iterator[Table]:
    """Of the retention page."""
    page = "retention"
    yield Table(
        page, "cohorts", "Of those who first ordered in a month, how many come back, and when?",
        "one row per cohort and month since", lambda asked: _retention(asked)[0],
    )  # fmt: skip
    yield Table(
        page, "retention_curve", "How much is left as time goes by?", "one row per month since",
        lambda asked: _retention(asked)[1],
    )  # fmt: skip
    yield Table(
        page, "lifecycle", "Do more come, and come back, than fall silent?", "one row per month",
        _lifecycle,
    )  # fmt: skip


def _lifetimes() -> Iterator[Table]:
    """Of the lifetime page."""
    for name, question, grain, table in (
        ("forecast_by_week", "Does the model forecast weeks it has not seen?", "week", "weekly"),
        ("forecast_by_repeats", "Does it tell frequent buyers from those who are gone?",
         "number of repeats before", "frequency"),
        ("lifetime_parameters", "How often do they buy, how long, for how much?",
         "parameter of a model", "parameters"),
        ("value_to_come_by_repeats", "What will buyers bring, by what they did?",
         "number of repeats so far", "repeats"),
        ("value_to_come_by_channel", "Whose buyers will bring most?", "channel", "channels"),
        ("value_to_come_by_tenth", "On how many buyers does it depend?", "tenth of buyers",
         "tenths"),
    ):  # fmt: skip
        yield Table("lifetime", name, question, f"one row per {grain}", partial(_lifetime, table))


def _people() -> Iterator[Table]:
    """Of the pages about people."""
    yield Table(
        "personas", "persona_differences", "What does each persona do more, or less, than others?",
        "one row per persona and touchpoint", _personas,
    )  # fmt: skip
    yield Table(
        "personas", "planned_steps", "Do a persona's journeys go as planned?",
        "one row per planned touchpoint", _planned, is_of_one=True,
    )  # fmt: skip
    yield Table(
        "person", "one_person", "What did this person do, in order?", "one row per touch",
        _one_person, is_of_one=True,
    )  # fmt: skip


# The analyses are loaded when they are asked: some take longer to load than a metric to run.


def _curve(asked: Asked) -> pl.DataFrame:
    from journey.analysis.experience import curve

    return curve.table(curve.curves(asked.engine, asked.config, asked.filters))


def _drivers(asked: Asked) -> pl.DataFrame:
    from journey.analysis.experience import drivers

    return drivers.table(drivers.drivers(asked.engine, asked.config, asked.filters))


def _scores(survey: str, by: str, asked: Asked) -> pl.DataFrame:
    from journey.analysis.experience import answers, scores

    engine, config, filters = asked.engine, asked.config, asked.filters
    chosen = answers.choose(engine, config.surveys, filters, survey, by=by)
    # As on the page: days from before the data are nothing to compare with.
    before = filters.before() if engine.snapshot.has_before(filters.since) else None
    found = scores.every_method(engine, config, filters, before, chosen)
    return scores.table(found[chosen.method])


def _silence(asked: Asked) -> pl.DataFrame:
    from journey.analysis.experience import silence

    return silence.table(silence.silence(asked.engine, asked.config, asked.filters))


def _money(asked: Asked) -> pl.DataFrame:
    from journey.analysis.experience import money

    return money.table(money.worth(asked.engine, asked.config, asked.filters))


def _themes(survey: str, asked: Asked) -> pl.DataFrame:
    from journey.analysis.feedback.themes import themes

    return themes(asked.engine, asked.filters, survey).rows


def _found(asked: Asked) -> pl.DataFrame:
    from journey.analysis.feedback.found import found

    return found(asked.engine, asked.filters, "csat").rows


def _comments(asked: Asked) -> pl.DataFrame:
    from journey.analysis.feedback.comments import comments
    from journey.analysis.feedback.selection import Selection

    return comments(asked.engine, asked.filters, Selection(), _MOST_COMMENTS).rows


_MOST_COMMENTS = 1_000
"""The newest comments a run gives; `feedback` selects among all."""


def _accuracy(asked: Asked) -> pl.DataFrame:
    from journey.analysis.feedback.accuracy import accuracy, accuracy_rows

    return accuracy_rows(accuracy(asked.engine, asked.filters))


def _retention(asked: Asked) -> tuple[pl.DataFrame, pl.DataFrame]:
    from journey.analysis.retention import cohorts
    from journey.analysis.retention.settings import Settings

    found = cohorts.retention(asked.engine, asked.filters, Settings())
    return found.cells, found.means


def _lifecycle(asked: Asked) -> pl.DataFrame:
    from journey.analysis.retention import lifecycle
    from journey.analysis.retention.settings import ORDER

    return lifecycle.lifecycle(asked.engine, asked.filters, "month", ORDER)


def _lifetime(name: str, asked: Asked) -> pl.DataFrame:
    from journey.analysis.lifetime.settings import Settings
    from journey.analysis.lifetime.study import study
    from journey.analysis.lifetime.tables import table

    return table(study(asked.engine, asked.filters, Settings()), name)


def _personas(asked: Asked) -> pl.DataFrame:
    from journey.analysis import personas

    def rows(name: str) -> pl.DataFrame:
        return asked.engine.run(registry.find(name), asked.filters).rows

    return personas.as_rows(personas.portraits(rows, asked.config))


def _planned(asked: Asked) -> pl.DataFrame:
    from journey.analysis import planned

    plans = [persona.name for persona in asked.config.personas if persona.touchpoints]
    if asked.of is None and not plans:
        raise MetricError(
            "No persona has planned touchpoints. Name them in journey.toml, under [[personas]]."
        )
    found = planned.planned(asked.engine, asked.config, asked.filters, asked.of or plans[0])
    return planned.as_rows(found)


def _one_person(asked: Asked) -> pl.DataFrame:
    from journey.analysis import person

    engine, filters = asked.engine, asked.filters
    key, shown = masks.key_of(engine.folder), masks.ids_shown(asked.config)
    if asked.of is None:
        chosen = person.typical(engine, filters)
    else:
        chosen = person.find(engine, filters, asked.of, key, shown)
        if chosen is None:
            raise MetricError(
                f"Nobody is called {asked.of!r} here. Take a mask from `python -m journey segment "
                "NAME --format csv`."
            )
    life = chosen and person.life(engine, filters, chosen, chosen)
    if not life:
        raise MetricError("No journeys in this period. Widen the period or the filters.")
    return life.touches.drop("session_id")
