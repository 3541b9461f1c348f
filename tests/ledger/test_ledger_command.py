"""The ledger at the prompt: listed, kept, judged; errors that say what to do."""

import csv
import io
import json
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from journey.ledger import keeping
from tests.ledger.shop import FIXED
from tests.prompt import journey
from tests.world import Business


class Prompt:
    """`python -m journey ledger ...` on a shop."""

    def __init__(self, shop: Business) -> None:
        self.shop = shop

    def run(self, *words: str) -> CompletedProcess[str]:
        """What it prints, and its exit code."""
        return journey("--data", self.shop.folder.root, "ledger", *words, COLUMNS="250")

    def __call__(self, *words: str) -> str:
        """What a command that goes well prints."""
        done = self.run(*words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def error(self, *words: str) -> str:
        """What a command that is refused says."""
        done = self.run(*words)
        assert done.returncode == 1, done.stdout
        assert "Traceback" not in done.stderr
        return done.stderr


@pytest.fixture
def prompt(shop: Business) -> Prompt:
    """The prompt on the shop with the broken checkout."""
    return Prompt(shop)


def test_a_pain_is_listed_owned_closed_and_judged(prompt: Prompt) -> None:
    (row,) = json.loads(prompt("--format", "json"))["rows"]
    assert row["title"] == "Mobile checkout"
    assert (row["presence"], row["status"], row["version"]) == ("over", "open", "")
    key = row["key"]
    assert "owner Ben" in prompt("own", key, "Ben", "--by", "Ana", "--comment", "Mine")
    assert "due 2026-06-01" in prompt("due", key, "2026-06-01", "--by", "Ben")
    assert "commented" in prompt("comment", key, "Rolled back", "--by", "Ben")
    told = prompt("close", key, "--fixed", str(FIXED), "--by", "Ben")
    assert f"fixed on {FIXED}" in told
    (row,) = csv.DictReader(io.StringIO(prompt("--format", "csv")))
    assert (row["owner"], row["status"], row["fixed_on"]) == ("Ben", "closed", str(FIXED))
    judged = json.loads(prompt("judge", key, "--format", "json"))
    assert judged["verdict"] == "worked"
    assert judged["effect"]["high"] < -0.3, "abandonment fell"
    assert sum(line["affected_whole"] for line in judged["rows"]) > 300
    assert prompt("judge", key).startswith("Worked. Checkout abandonment of mobile is ")
    assert "owner Ben" in prompt("reopen", key, "--by", "Ana", "--comment", "It is back")
    note = keeping.read(prompt.shop.folder).notes[key]
    assert [entry.by for entry in note.history] == ["Ana", "Ben", "Ben", "Ben", "Ana"]
    assert not note.is_closed


def test_a_quiet_day_is_judged_as_no_change(prompt: Prompt) -> None:
    key = json.loads(prompt("--format", "json"))["rows"][0]["key"]
    prompt("open", "Quiet", "--stage", "decision", "--metric", "checkout_abandonment",
           "--where", "device=mobile", "--since", "2026-03-24", "--by", "Ana")  # fmt: skip
    rows = json.loads(prompt("--format", "json"))["rows"]
    (quiet,) = (row for row in rows if row["key"] != key)
    assert (quiet["presence"], quiet["who"]) == ("by hand", "device=mobile")
    told = prompt("judge", quiet["key"], "--fixed", "2026-04-14")
    assert told.startswith("No change. ")
    assert "no more than chance would explain" in told


def test_who_writes_is_the_account_unless_told(prompt: Prompt) -> None:
    key = json.loads(prompt("--format", "json"))["rows"][0]["key"]
    assert "Written by somebody: owner Ben." in prompt("own", key, "Ben")


def test_what_cannot_be_done_says_what_to_do(prompt: Prompt) -> None:
    key = json.loads(prompt("--format", "json"))["rows"][0]["key"]
    assert "`python -m journey ledger` lists them" in prompt.error("own", "nope", "Ben")
    assert "is not closed" in prompt.error("judge", key)
    assert "still to come" in prompt.error("close", key, "--fixed", "2999-01-01")
    assert "Did you mean 'conversion_rate'?" in prompt.error(
        "open", "X", "--stage", "decision", "--metric", "conversion_rat"
    )
    assert "There is no device 'fridge'" in prompt.error(
        "open",
        "X",
        "--stage",
        "decision",
        "--metric",
        "conversion_rate",
        "--where",
        "device=fridge",
    )
    version = prompt("own", key, "Ben", "--by", "Ben").rpartition("Version ")[2].strip(" .\n")
    prompt("due", key, "2026-06-01", "--by", "Cleo")
    told = prompt.error("own", key, "Ana", "--version", version)
    assert "Cleo changed this row just now, while you were writing: due 1 Jun 2026." in told
    assert "Yours is not written yet: owner Ana." in told


def test_a_damaged_row_is_told_and_the_rest_is_listed(prompt: Prompt) -> None:
    folder: Path = prompt.shop.folder.ledger
    folder.mkdir()
    (folder / "bad.toml").write_text("key = ")
    done = prompt.run()
    assert done.returncode == 0
    assert "bad.toml: not valid TOML" in done.stderr
    assert "Mobile checkout" in done.stdout


def test_nothing_that_hurts_is_said(town: Business) -> None:
    assert "Nothing hurts enough to tell from chance in this period." in Prompt(town)()
