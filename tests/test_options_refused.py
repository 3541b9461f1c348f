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
    ],
)
def test_options_with_a_part_are_not(
    town: Business, capsys: pytest.CaptureFixture[str], words: str
) -> None:
    main(["--data", str(town.folder.root), *words.split()])
    assert "has no part" not in capsys.readouterr().err
