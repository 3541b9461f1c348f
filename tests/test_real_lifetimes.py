"""Lifetimes of public data sets whose answers are published, through the real command line."""

import json

import pytest

from tests.test_real_data import RETAIL, Company


@pytest.fixture(scope="module")
def music(tmp_path_factory):
    """The published CDNOW sample."""
    company = Company(tmp_path_factory.mktemp("music"), RETAIL)
    return company, company.ingest("cdnow", "cdnow/CDNOW_sample.txt")


@pytest.fixture(scope="module")
def lifetimes(music):
    """What is said of the sample's customers; their calibration ends on 1997-09-30."""
    asked = "--as-of", "1998-07-01", "--calibrate-until", "1997-10-01", "--format", "json"
    return json.loads(music[0].command("lifetime", *asked))


@pytest.mark.parametrize(
    ("name", "published"), [("r", 0.243), ("alpha", 4.414), ("a", 0.793), ("b", 2.426)]
)
def test_cdnow_parameters_as_published(lifetimes, name, published):
    assert round(lifetimes[name], 3) == published
    low, high = lifetimes["intervals"][name]
    assert low < published < high


def test_cdnow_likelihood_as_published(lifetimes):
    assert round(lifetimes["log_likelihood"], 1) == -9_582.4
    assert lifetimes["buyers"] == 2_357


def test_cdnow_weeks_held_out_as_published(lifetimes):
    """The paper: at the end of week 78 the model is 4 % below; repeats held out by frequency."""
    holdout = lifetimes["holdout"]
    assert (holdout["weeks"], holdout["actual"]) == (39, 1_882)
    assert (holdout["cumulative"]["week"], holdout["cumulative"]["actual"]) == (78, 4_339)
    assert round(100 * holdout["cumulative"]["error"]) == -4
    actual = [round(row["actual"], 3) for row in holdout["by_frequency"]]
    assert actual == [0.237, 0.697, 1.393, 1.56, 2.532, 2.947, 3.862, 6.359]
    forecast = [row["forecast"] for row in holdout["by_frequency"][:4]]
    assert forecast == pytest.approx([0.225, 0.523, 1.044, 1.521], abs=0.002)
    assert holdout["naive_forecast"] > 1.5 * holdout["actual"]


def test_cdnow_value_as_published(music):
    """Gamma-Gamma on the same calibration: p 6.25, q 3.74, gamma 15.44."""
    asked = "--as-of", "1997-10-01", "--format", "json"
    value = json.loads(music[0].command("lifetime", *asked))["value"]
    assert round(value["p"], 2) == 6.25
    assert round(value["q"], 2) == 3.74
    assert round(value["gamma"], 2) == 15.44
    assert value["people"] == 946


def test_cdnow_the_same_calibration_however_it_is_asked_for(music, lifetimes):
    asked = "--as-of", "1997-10-01", "--format", "json"
    found = json.loads(music[0].command("lifetime", *asked))
    for name in ("r", "alpha", "a", "b", "log_likelihood"):
        assert found[name] == pytest.approx(lifetimes[name], rel=1e-6)
