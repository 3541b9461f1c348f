"""The map on the overview: the words it picks, its choices, a stage opened, a lane that fails."""

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

import polars as pl
import pytest

from journey import ROOT
from journey.analysis.map.voices import voices
from journey.config import load
from journey.errors import ConfigError
from journey.metrics.evidence import SOME, grade
from tests.test_feedback import EVERYTHING, answers
from tests.test_pages import BROKEN, run, words
from tests.world import Business

OVERVIEW = ROOT / "pages" / "overview.py"


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Business]:
    """A business with answers of many themes and moods."""
    business = Business(tmp_path_factory.mktemp("said"))
    business.deliver(answers(Random(11), 300))
    business.build()
    yield business
    business.close()


def test_the_voice_of_a_stage_is_the_one_picked_by_hand(said: Business) -> None:
    mentions = said.table("mentions", "stage, theme, sentiment, event_id, answered_at")
    comments = {row["event_id"]: row["comment"] for row in said.table("responses")}
    found = voices(said.engine, EVERYTHING)
    assert found
    for one in found:
        here = [row for row in mentions if row["stage"] == one.stage]
        themes = Counter(row["theme"] for row in here)
        most = max(themes.values())
        theme = min(name for name, count in themes.items() if count == most)
        moods = Counter(row["sentiment"] or "unjudged" for row in here if row["theme"] == theme)
        mood = min(name for name, count in moods.items() if count == max(moods.values()))
        alike = [
            row
            for row in here
            if row["theme"] == theme and (row["sentiment"] or "unjudged") == mood
        ]
        # Of equal length the newest stands first, then the smallest id.
        alike.sort(key=lambda row: row["event_id"])
        alike.sort(key=lambda row: row["answered_at"], reverse=True)
        alike.sort(key=lambda row: len(comments[row["event_id"]]))
        middle = alike[(len(alike) - 1) // 2]
        assert (one.theme, one.mood, one.alike) == (theme, mood, len(alike))
        assert one.theme_comments == most
        assert one.comments == len({row["event_id"] for row in here})
        assert one.comment == comments[middle["event_id"]]
    assert voices(said.engine, EVERYTHING) == found, "the same question has the same answer"


def test_who_leaves_adds_up_to_the_funnel(town: Business) -> None:
    funnel = dict(town.ask("stage_funnel").iter_rows())
    left = town.ask("left_by_stage").group_by("stage").agg(pl.col("left_here", "journeys").sum())
    stages = list(funnel)
    for stage, gone, journeys in left.iter_rows():
        assert journeys == funnel[stage]
        assert gone == journeys - funnel[stages[stages.index(stage) + 1]]


def test_channels_and_touchpoints_share_the_touches_of_a_stage(town: Business) -> None:
    by_channel = town.ask("channels_by_stage").group_by("stage").agg(pl.col("touches").sum())
    by_touchpoint = town.ask("touchpoints_by_stage").group_by("stage").agg(pl.col("touches").sum())
    ours = dict(by_channel.iter_rows())
    assert ours
    assert ours == {s: n for s, n in by_touchpoint.iter_rows() if s in ours}


def test_a_grade_is_a_count() -> None:
    grades = [grade(cases) for cases in range(150)]
    assert grades.index("C") == 1
    assert grades.index("B") == SOME
    assert grades == sorted(grades, key=["", "C", "B", "A"].index)


def test_a_stage_opens_with_what_stands_behind_it(
    town: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = run(OVERVIEW, town, monkeypatch, period="All time", map_stage="Decision")
    assert not app.exception
    said = words(app)
    assert 'id="map-decision"' in said
    assert "stage opened" in said
    assert "Lane by lane" in said
    assert "Who leaves" in said
    assert 'href="funnel?period=All+time"' in said


def test_a_lane_that_fails_spoils_one_lane(
    town: Business, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    queries = tmp_path / "queries"
    shutil.copytree(ROOT / "queries", queries)
    (queries / "overview" / "channels_by_stage.sql").write_text(BROKEN)
    monkeypatch.setenv("JOURNEY_QUERIES", str(queries))
    app = run(OVERVIEW, town, monkeypatch, period="All time")
    assert not app.exception
    assert len(app.warning) == 1
    said = words(app)
    assert "not shown, see below" in said
    assert "Touchpoints" in said
    assert 'id="map-awareness"' in said


@pytest.mark.parametrize("view", ["To be", "Against the span before", "Personas", "All at once"])
def test_what_it_is_set_against_stands_in_the_address(
    town: Business, monkeypatch: pytest.MonkeyPatch, view: str
) -> None:
    app = run(OVERVIEW, town, monkeypatch, period="All time", map=view)
    assert not app.exception
    assert not app.warning
    assert "jmap" in words(app) or "Choose up to five" in words(app)


def test_the_plan_of_the_persona_chosen_stands_in_the_words(
    town: Business, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = town.engine.segments()["persona"][0]
    config = tmp_path / "journey.toml"
    config.write_text(f'minimum_n = 1\n[[personas]]\nname = "{name}"\ntouchpoints = ["ad_clicked"]')
    monkeypatch.setenv("JOURNEY_CONFIG", str(config))
    app = run(OVERVIEW, town, monkeypatch, period="All time", persona=name)
    assert not app.exception
    assert "planned Ad clicked" in words(app)
    page = ROOT / "pages" / "personas.py"
    app = run(page, town, monkeypatch, period="All time")
    app.session_state["planned"] = True
    app.run()
    assert not app.exception
    assert "follow the plan in its order" in words(app)


REFUSED = {
    '[owners]\ndecison = "Web"': "decison",
    "[owners]\ndecision = 1": "give a name",
    '[kpis]\ndecision = "csat"': "must be a list",
    '[kpis]\nchoice = ["csat"]': "is no stage",
    "[to_be]\nreach = 1": "Did you mean 'reached'?",
    "[to_be]\nreached = 1": "[to_be.reached]",
    "[to_be.reached]\ndecision = 101": "from 0 to 100",
    "[to_be.experience]\ndecision = true": "from -2 to 2",
    '[[personas]]\nname = "A"\n[personas.stages]\nchoice = "x"': "is no stage",
    '[[personas]]\nname = "A"\n[personas.stages]\ndecision = 1': "give a text",
    '[[personas]]\nname = "A"\nstages = "x"': "Write it as [personas.stages]",
}


@pytest.mark.parametrize("text", REFUSED)
def test_it_is_refused_with_the_remedy(text: str, tmp_path: Path) -> None:
    path = tmp_path / "journey.toml"
    path.write_text(text)
    with pytest.raises(ConfigError) as refused:
        load(path)
    assert REFUSED[text] in str(refused.value)


def test_a_business_says_what_its_map_shows(tmp_path: Path) -> None:
    path = tmp_path / "journey.toml"
    path.write_text(
        '[owners]\ndecision = "Web"\ncheckout_started = "Payments"\n'
        "[to_be.reached]\ndecision = 40\n[to_be.experience]\ndecision = 0.5\n"
        '[kpis]\nawareness = ["unassigned_share"]\n'
        '[[personas]]\nname = "A"\n[personas.stages]\ndecision = "Hurries."\n'
    )
    known = load(path)
    assert known.map.owners == {"decision": "Web", "checkout_started": "Payments"}
    assert known.map.reached == {"decision": 0.4}
    assert known.map.experience == {"decision": 0.5}
    assert known.map.kpis["awareness"] == ("unassigned_share",)
    assert known.map.kpis["purchase"] == ("conversion_rate",), "the template's stay"
    assert known.personas[0].stages == {"decision": "Hurries."}
