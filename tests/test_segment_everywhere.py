"""Every analysis under a segment says what it says of a world that holds only those people."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from journey.__main__ import main
from journey.intake.sources import queries_folder
from tests.metrics.test_segments import EVEN, HEADER, crowd
from tests.world import Business, Rows

__all__ = ["crowd"]

FRAME = ("--since", "2020-01-01", "--until", "2040-01-01", "--as-of", "2028-06-01")
STEPS = ("--steps", "ad_clicked", "product_viewed", "product_added", "order_completed")
ASKED = {
    "funnel": ("funnel", *STEPS),
    "funnel in any order": ("funnel", *STEPS, "--mode", "any", "--window", "30d"),
    "funnel, strict": ("funnel", *STEPS[:3], "--mode", "strict", "--count", "journeys"),
    "funnel of sessions": ("funnel", *STEPS[:3], "--count", "sessions"),
    "funnel by channel": ("funnel", *STEPS, "--by", "entry_channel"),
    "funnel, drivers": ("funnel", *STEPS, "--drivers", "1-4"),
    "funnel of stages": ("funnel", "--steps", "awareness", "decision", "purchase"),
    "paths": ("paths", "--steps", "4"),
    "paths of people": ("paths", "--count", "people", "--from", "ad_clicked"),
    "retention": ("retention", "--unit", "month"),
    "retention, lifecycle": ("retention", "--rows", "lifecycle"),
    "experience": ("experience",),
    "experience, silence": ("experience", "silence"),
    "personas": ("personas",),
    "changes": ("changes", "conversion_rate", "--by", "channel"),
    "reconcile": ("reconcile", "conversion_rate", "repeat_share"),
    "lifetime": ("lifetime", "--rows", "repeats", "--who", "everyone"),
}
"""What is asked of both worlds; nothing in it may hang on who else there is."""

SAID_OF_THE_WORLD = {"snapshot", "where", "filter", "rule", "filters", "rules", "segment"}
"""What an answer says of the question or the store, not of people."""


def numbers(answer: Any) -> Any:
    """The answer without what it says of the question."""
    if isinstance(answer, dict):
        return {k: numbers(v) for k, v in answer.items() if k not in SAID_OF_THE_WORLD}
    if isinstance(answer, list):
        return [numbers(one) for one in answer]
    return round(answer, 9) if isinstance(answer, float) else answer


@pytest.mark.parametrize("name", ASKED)
def test_it_says_the_same(
    name: str,
    crowd: tuple[Business, Business, Rows],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    queries = tmp_path / "queries"
    shutil.copytree(queries_folder(), queries)
    (queries / "segments" / "mine.sql").write_text(HEADER + EVEN)
    monkeypatch.setenv("JOURNEY_QUERIES", str(queries))
    whole, even, _ = crowd
    said = []
    for business, where in ((whole, ("--where", "segment=mine")), (even, ())):
        asked = [*ASKED[name], *FRAME, "--format", "json", *where]
        code = main(["--data", str(business.folder.root), *asked])
        told = capsys.readouterr()
        # Too few for a model is an answer too, with the number of those there are.
        assert code == (name == "lifetime"), told.err
        said.append(told.err if code else numbers(json.loads(told.out)))
    assert said[0] == said[1]
    assert len(str(said[0])) > 60
