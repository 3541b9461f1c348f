"""The README does what it says: every command in it is run, every list in it is complete."""

import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from journey import ROOT
from journey.intake.contract import COLUMNS
from journey.intake.sources import known_sources, source
from journey.metrics import metric as registry
from tests.ledger.shop import broken_checkout
from tests.prompt import journey
from tests.world import Business, people

README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.DOTALL)


def block(language: str, holding: str) -> str:
    """The code block of the README that holds a text."""
    return next(text for kind, text in BLOCKS if kind == language and holding in text)


def shell(*words: str, cwd: Path) -> CompletedProcess[str]:
    """`python -m journey` in a shell, as a reader would call it, in a folder of their own."""
    return subprocess.run(
        [sys.executable, "-m", "journey", *words],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
    )


def serves(command: list[str], cwd: Path, **environment: str) -> str:
    """Run a command that serves, until it answers at the address it prints; gives what it said."""
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    said = ""
    try:
        assert process.stdout is not None
        for line in process.stdout:
            said += line
            if found := re.search(r"http://localhost:(\d+)", line):
                address = f"http://127.0.0.1:{found[1]}/_stcore/health"
                break
        else:
            raise AssertionError(f"no address was printed: {said}")
        for _ in range(200):
            try:
                with urllib.request.urlopen(address, timeout=2) as answer:
                    assert answer.status == 200
                    return said
            except OSError:
                time.sleep(0.1)
        raise AssertionError(f"nothing answers at {address}: {said}")
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=20)
        process.stdout.close() if process.stdout else None


def free_port() -> str:
    """A port nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


@pytest.mark.skipif(not (ROOT / ".venv").exists(), reason="make was not used: there is no .venv")
def test_make_demo_serves_the_demo_world_and_prints_the_address(tmp_path: Path) -> None:
    said = serves(["make", "demo", f"PORT={free_port()}", f"DATA={tmp_path}"], cwd=ROOT)
    assert "rows read" in said
    assert (tmp_path / "demo" / "truth.json").exists()


@pytest.mark.parametrize("target", ["demo", "test", "check", "bench"])
def test_the_make_targets_are_there(target: str) -> None:
    assert f"make {target}" in README
    planned = subprocess.run(
        ["make", "--dry-run", target], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert planned.stdout


def test_own_data_in_five_minutes(tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text(block("csv", "occurred_at"))
    commands = [shlex.split(line) for line in block("sh", "--data mydata").splitlines()]
    assert [command[5] for command in commands] == ["ingest", "build", "serve"]
    for command in commands[:2]:
        done = shell(*command[3:], cwd=tmp_path)
        assert done.returncode == 0, done.stderr
    words = [sys.executable, *commands[2][1:], "--port", free_port()]
    serves(words, cwd=tmp_path)
    answer = shell(
        *("--data", "mydata", "run", "conversion_rate", "--format", "csv"),
        *("--since", "2026-05-01", "--until", "2026-06-01", "--as-of", "2026-07-01"),
        cwd=tmp_path,
    )
    assert answer.stdout.splitlines() == ["week,converted,journeys", "2026-04-27,1,1"]


def test_a_file_of_themes_of_ones_own(tmp_path: Path) -> None:
    """Written beside journey.toml by the README's line, edited, and in force at the next build."""
    (tmp_path / "journey.toml").write_text('template = "retail"\n')
    business = Business(tmp_path)
    rows = people(ana="order_completed@0 review_written@1")
    rows[1]["comment"] = "The lawn is green"
    business.deliver(rows)
    line = block("sh", "themes.yaml").replace("python", sys.executable, 1)
    shell = {**os.environ, "PYTHONPATH": str(ROOT), "JOURNEY_CONFIG": "journey.toml"}
    subprocess.run(["sh", "-c", line], cwd=tmp_path, env=shell, check=True)
    own = tmp_path / "themes.yaml"
    assert own.read_text().startswith("#")
    own.write_text(own.read_text() + "\ngarden:\n  en: lawn*\n")
    data = ("--data", str(business.folder.root), "--config", "journey.toml")
    assert journey(*data, "build", cwd=tmp_path).returncode == 0
    found = journey(*data, "feedback", "--format", "csv", cwd=tmp_path).stdout
    assert found.splitlines()[1].startswith("garden,1,")


@pytest.mark.parametrize("text", [text for kind, text in BLOCKS if kind == "toml"])
def test_each_configuration_is_one(text: str, tmp_path: Path) -> None:
    (tmp_path / "journey.toml").write_text(text)
    business = Business(tmp_path)
    business.deliver(people(ana="ad_clicked@0 order_completed@1"))
    done = journey(
        *("--data", str(business.folder.root), "--config", "journey.toml", "build"), cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr


def test_every_format_is_listed_with_its_inputs() -> None:
    for name in known_sources():
        line = next(line for line in README.splitlines() if f"--as {name}" in line)
        inputs = source(name).inputs
        if len(inputs) > 1:
            for item in inputs:
                assert f"{item.name}=" in line


def test_the_metric_of_the_readme_works(tmp_path: Path) -> None:
    queries = tmp_path / "queries"
    shutil.copytree(ROOT / "queries", queries)
    (queries / "consideration" / "my_metric.sql").write_text(block("sql", "Newsletter"))
    business = Business(tmp_path)
    business.deliver(people(ana="newsletter_subscribed@120 newsletter_subscribed@121"))
    business.build()
    command = re.search(r"`python -m journey (run my_metric [^`]*)`", README)
    assert command is not None
    done = journey(
        *("--data", str(business.folder.root), *shlex.split(command[1]), "--format", "csv"),
        cwd=tmp_path,
        JOURNEY_QUERIES=str(queries),
    )
    assert done.stdout.splitlines() == ["week,sign_ups", "2026-05-04,2"], done.stderr


def test_the_segment_of_the_readme_works(tmp_path: Path) -> None:
    queries = tmp_path / "queries"
    shutil.copytree(ROOT / "queries", queries)
    (queries / "segments" / "big_spenders.sql").write_text(block("sql", "Big spenders"))
    business = Business(tmp_path)
    business.deliver(
        people(ana="ad_clicked@0 order_completed@1,revenue=501", ben="page_viewed@200")
    )
    business.build()
    commands = re.findall(r"`python -m journey ((?:run|segment) [^`]*big_spenders[^`]*)`", README)
    assert len(commands) == 2
    for command in commands:
        words = [word for word in shlex.split(command) if word not in ("--format", "csv")]
        done = journey(
            *("--data", str(business.folder.root), *words, "--format", "csv"),
            cwd=tmp_path,
            JOURNEY_QUERIES=str(queries),
        )
        assert done.returncode == 0, done.stderr
        rows = done.stdout.splitlines()
        assert rows[0] in ("week,converted,journeys", "person")
        assert len(rows) == 2


@pytest.mark.parametrize("line", block("sh", "journey funnel").splitlines())
def test_each_funnel_of_the_readme_answers(line: str, town: Business, tmp_path: Path) -> None:
    _, _, _, *words = shlex.split(line)
    done = journey("--data", str(town.folder.root), *words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert " as known at " in done.stdout


@pytest.mark.parametrize("line", block("sh", "journey paths").splitlines())
def test_each_path_of_the_readme_is_found(line: str, town: Business, tmp_path: Path) -> None:
    _, _, _, *words = shlex.split(line)
    done = journey("--data", str(town.folder.root), *words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Repeats count as they are." in done.stdout or "counts as one" in done.stdout


@pytest.mark.parametrize("line", block("sh", "journey reconcile").splitlines())
def test_each_pair_of_the_readme_is_told_apart(line: str, town: Business, tmp_path: Path) -> None:
    _, _, _, *words = shlex.split(line)
    done = journey("--data", str(town.folder.root), *words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "They agree in " in done.stdout or "too few to compare" in done.stdout


@pytest.mark.parametrize("line", block("sh", "journey what-if").splitlines())
def test_each_what_if_of_the_readme_is_answered(line: str, town: Business, tmp_path: Path) -> None:
    _, _, _, *words = shlex.split(line)
    done = journey("--data", str(town.folder.root), *words, cwd=tmp_path)
    assert done.returncode == 1, "the town is too small to say"
    assert "too few to say" in done.stderr or "Choose a longer period" in done.stderr


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Business]:
    """A business that tried what the README's experiment is called."""
    business = Business(tmp_path_factory.mktemp("tried"))
    shown = "product_viewed@{},experiment=free-returns-banner,variant={} checkout_started@{}"
    arms = {f"p{n}": shown.format(n, "AB"[n % 2], n + 1) for n in range(8)}
    business.deliver(people(**arms, late="page_viewed@90"))
    business.build()
    yield business
    business.close()


@pytest.mark.parametrize("line", block("sh", "journey experiments").splitlines())
def test_each_experiment_of_the_readme_is_read(line: str, tried: Business, tmp_path: Path) -> None:
    _, _, _, *words = shlex.split(line)
    done = journey("--data", str(tried.folder.root), *words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "too early" in done.stdout or "lift_points" in done.stdout


@pytest.mark.parametrize("line", block("sh", "journey next").splitlines())
def test_each_next_step_of_the_readme_is_told(line: str, town: Business, tmp_path: Path) -> None:
    _, _, _, *words = shlex.split(line)
    done = journey("--data", str(town.folder.root), *words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "not an effect" in done.stdout or "No journey of this period" in done.stdout


def test_the_ledger_of_the_readme_is_kept_and_judged(tmp_path: Path) -> None:
    business = Business(tmp_path)
    business.deliver(broken_checkout())
    business.build()
    data = ("--data", str(business.folder.root))
    key = journey(*data, "ledger", "--format", "csv", cwd=tmp_path).stdout.splitlines()[1]
    told = {}
    for line in block("sh", "journey ledger").splitlines():
        _, _, _, *words = shlex.split(line)
        words = [key.split(",")[1] if word == "KEY" else word for word in words]
        done = journey(*data, *words, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        told[words[1] if len(words) > 1 else ""] = done.stdout
    assert "Mobile checkout" in told[""]
    assert told["own"].startswith("Mobile checkout: owner Ben Ode. Written by Ana: owner Ben Ode.")
    verdict = told["judge"].partition(".")[0]
    assert verdict.lower() in ("worked", "no change", "got worse", "too early", "cannot be judged")


def test_the_demo_of_the_readme_is_scored(tmp_path: Path) -> None:
    line = re.search(r"`python -m journey (--data demo-data demo [^`]*)`", README)
    assert line is not None
    words = [*shlex.split(line[1])[:-1], "60"]
    assert journey(*words, cwd=tmp_path).returncode == 0
    assert journey("--data", "demo-data", "build", cwd=tmp_path).returncode == 0
    command = shlex.split(block("sh", "journey truth"))
    done = journey("--data", "demo-data", *command[3:], cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "planted parts" in done.stdout


def test_every_command_is_described(tmp_path: Path) -> None:
    told = journey("--help", cwd=tmp_path).stdout
    commands = set(re.findall(r"^    ([\w-]+) ", told, re.MULTILINE))
    described = set(re.findall(r"^\| `python -m journey ([\w-]+)", README, re.MULTILINE))
    assert commands == described


def test_the_contract_is_listed_whole() -> None:
    table = README.partition("### The event contract")[2].partition("\n## ")[0]
    named = set(re.findall(r"`(\w+)`", table.replace("`csat`", "").replace("`nps`", "")))
    assert set(COLUMNS) - {"person_id"} <= named


def test_contributing_knows_every_kind_of_chart() -> None:
    assert set(re.findall(r"^\| `(\w+)` \|", CONTRIBUTING, re.MULTILINE)) == set(registry.CHARTS)


def test_the_screenshot_is_there() -> None:
    for path in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", README):
        assert (ROOT / path).stat().st_size > 10_000
