"""Options that have no part in what is asked are refused, not passed over in silence."""

import pytest

from journey.__main__ import main
from tests.world import Business


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("retention --rows lifecycle --by channel", "--by has no part in the lifecycle"),
        ("retention --rows lifecycle --return touch", "--return has no part in the lifecycle"),
        ("retention --rows lifecycle --brackets 1,3", "--brackets has no part"),
        ("experience money --survey nps", "--survey has no part in `experience money`"),
        ("experience drivers --method mean", "--method has no part in `experience drivers`"),
        ("experience silence --persona Ann", "--persona has no part in `experience silence`"),
        ("feedback --show themes --theme delivery", "--theme has no part in `--show themes`"),
        ("attribution --model shapley --order 2", "--order has no part in `--model shapley`"),
        ("attribution --model linear --half-life 3", "--half-life has no part"),
        ("attribution --weights 1 2 3", "--weights has no part in `--model markov`"),
        ("attribution --baseline last", "--baseline has no part"),
        ("funnel -s awareness purchase --at 2", "--at has no part in a funnel that is not broken"),
        ("funnel -s awareness purchase --on-exclusion stop_here", "--on-exclusion has no part"),
        ("paths --whole --from ad_clicked", "--from has no part in whole journeys (--whole)"),
        ("paths --whole --rows edges", "--rows has no part in whole journeys"),
        ("paths --most 5", "--most has no part in paths step by step"),
        ("feedback --show accuracy --search slow", "--search has no part in `--show accuracy`"),
    ],
)
def test_options_without_a_part_are_refused(
    town: Business, capsys: pytest.CaptureFixture[str], words: str, told: str
) -> None:
    assert main(["--data", str(town.folder.root), *words.split()]) == 1
    complaint = capsys.readouterr().err
    assert told in complaint
    assert complaint.rstrip().endswith("Leave it out.")


@pytest.mark.parametrize(
    "words",
    [
        "retention --rows lifecycle --unit week --start touch",
        "experience scores --survey nps --by month",
        "feedback --theme delivery --show comments",
        "attribution --model all --half-life 3 --order 2 --baseline last",
        "attribution --model time_decay --half-life 3",
        "funnel -s awareness purchase --by device --at 2",
        "paths --whole --most 5 --outcome left",
    ],
)
def test_options_with_a_part_are_not(
    town: Business, capsys: pytest.CaptureFixture[str], words: str
) -> None:
    main(["--data", str(town.folder.root), *words.split()])
    assert "has no part" not in capsys.readouterr().err
