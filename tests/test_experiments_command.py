"""`python -m journey experiments`: what it gives, and how it refuses."""

import json

import pytest

from journey.__main__ import main
from journey.config import load
from journey.errors import ConfigError
from tests.analysis.experiments.test_readout import crowd
from tests.world import Business

PERIOD = ("--since", "2026-01-01", "--until", "2026-03-01", "--as-of", "2026-06-01")


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """One experiment of two arms."""
    business = Business(tmp_path_factory.mktemp("tried"))
    business.deliver(crowd(A=(50, 200), B=(90, 200)))
    business.build()
    yield business
    business.close()


@pytest.fixture
def experiments(shop, capsys):
    """What the command prints, in this process."""

    def run(*asked, period=PERIOD):
        assert main(["--data", str(shop.folder.root), "experiments", *asked, *period]) == 0
        return capsys.readouterr().out

    return run


def test_all_of_them_in_a_line_each(experiments):
    rows = experiments("--format", "csv").splitlines()
    assert rows[0].startswith("experiment,since,last,assigned,mature,arm,control,verdict")
    assert rows[1].startswith("banner,2026-01-05,2026-01-24,400,400,B,A,better,20.0,")
    assert len(rows) == 2


def test_one_as_json(experiments):
    found = json.loads(experiments("banner", "--by", "device", "--format", "json"))
    assert (found["goal"], found["control"], found["by"]) == ("order", "A", "device")
    assert found["sample_ratio"]["holds"]
    assert [arm["rate"] for arm in found["arms"]] == [25.0, 45.0]
    assert found["arms"][1]["verdict"] == "better"
    assert found["arms"][1]["lift_points"] == pytest.approx(20)
    assert [group["people"] for group in found["groups"]] == [200]
    assert found["told"][0].startswith(
        "B against A: better, more than chance would explain. 45.0 %"
    )


def test_one_in_words(experiments):
    said = experiments("banner")
    assert "Sample ratio: 200 in A and 200 in B" in said
    assert "All 400 people have had 30 days." in said
    assert "Relative: +80.0 %" in said
    groups = experiments("banner", "--rows", "groups", "--format", "csv").splitlines()
    assert groups[0].startswith("arm,persona,converted,people")
    assert {line.split(",")[1] for line in groups[1:]} == {"new", "old"}


def test_without_any_it_says_how_to_send_one(experiments):
    said = experiments(period=("--since", "2020-01-01", "--until", "2020-02-01"))
    assert "Send the columns experiment and variant" in said


def test_it_refuses_in_words(shop, capsys):
    assert main(["--data", str(shop.folder.root), "experiments", "baner", *PERIOD]) == 1
    assert "Did you mean 'banner'?" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("said", "because"),
    [
        ("split = { A = 1 }", "give each arm its share"),
        ("split = { A = 1, B = 0 }", "give each arm its share"),
        ('split = { A = 1, B = 1 }\ncontrol = "C"', "has no share in split"),
        ("control = 3", "give a name"),
        ('better = "up"', "give higher or lower"),
        ('gaol = "order_completed"', "Did you mean 'goal'?"),
    ],
)
def test_a_plan_that_is_none_is_refused(tmp_path, said, because):
    path = tmp_path / "journey.toml"
    path.write_text(f"[experiments.banner]\n{said}\n")
    with pytest.raises(ConfigError) as refused:
        load(path)
    assert because in str(refused.value)
    assert "[experiments.banner]" in str(refused.value)


def test_a_plan_is_kept(tmp_path):
    path = tmp_path / "journey.toml"
    path.write_text('[experiments.banner]\nsplit = { A = 1, B = 3 }\nbetter = "lower"\n')
    plan = load(path).experiments["banner"]
    assert (plan.split, plan.control, plan.better) == ({"A": 1, "B": 3}, None, "lower")
