"""What a filter change costs beyond Streamlit: the overview against the same page of constants."""

import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.measuring import say, say_load, show
from bench.recording import record
from journey import ROOT
from journey.datafolder import DataFolder
from journey.present.choices import PERIODS

CHOSEN = ("6m", "90d", "12m", "month", "quarter", "all")
"""Periods in which every picture has something to show; the page opens with the first."""

ROUNDS = 3
"""How often each period is chosen; the first time nobody has asked for it yet."""

WATCH = """() => {
    document.addEventListener("click", event => {
        if (event.target.closest("[role=option]")) window.chosenAt = performance.now();
    }, true);
    const main = document.querySelector("[data-testid=stMain]");
    new MutationObserver(() => { window.changedAt = performance.now(); })
        .observe(main, { childList: true, subtree: true, characterData: true, attributes: true });
}"""
"""Notes when an option was chosen and when the page last changed."""

DRAWN = """() => {
    const app = document.querySelector("[data-testid=stApp]");
    const charts = [...document.querySelectorAll("[data-testid=stPlotlyChart]")];
    const still = app?.getAttribute("data-test-script-state") === "notRunning"
        && charts.length > 0 && charts.every(chart => chart.querySelector(".main-svg"));
    return still && performance.now() - Math.max(window.changedAt ?? 0, window.chosenAt ?? 0) > 700;
}"""
"""Whether the page has come to rest."""


def compare(folder: DataFolder) -> None:
    """Measure both pages and print the ratios."""
    browser_path = chromium()
    if browser_path is None:
        say("no Chromium, so the redraw is not measured: install it or set JOURNEY_CHROMIUM")
        return
    labels = [PERIODS[name] for name in CHOSEN]
    recording = folder.root / "overview.pickle"
    record(folder, labels, recording)
    journey = [sys.executable, "-m", "journey", "--data", str(folder.root), "serve", "--port"]
    constant = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(Path(__file__).parent / "constant_app.py"),
    ]
    ours = _measure([*journey, "{port}"], {}, browser_path, labels)
    named = {"JOURNEY_RECORDING": str(recording), "PYTHONPATH": str(ROOT)}
    theirs = _measure([*constant, "--server.port", "{port}"], named, browser_path, labels)
    rows: list[list[object]] = []
    for name, mine, other in zip(
        ("asked for the first time", "asked before"), ours, theirs, strict=True
    ):
        middle, constant_middle = statistics.median(mine), statistics.median(other)
        rows.append([name, len(mine), middle, constant_middle, middle / constant_middle])
    columns = ["period", "changes", "ours", "constants", "times constants"]
    show("A new period until the overview is redrawn, median milliseconds", columns, rows)
    say("the server works out a snapshot's periods ahead, where no other filter is chosen")
    say_load()


def chromium() -> str | None:
    """The Chromium there is, as tests/chromium.sh looks for it."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = os.environ.get("JOURNEY_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if found:
        return found
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        own = driver.chromium.executable_path
    return own if Path(own).exists() else None


def _measure(
    command: list[str], environment: dict[str, str], browser_path: str, labels: list[str]
) -> tuple[list[float], list[float]]:
    """Milliseconds of changes to a period: chosen for the first time, and chosen again."""
    from playwright.sync_api import sync_playwright

    with _server(command, environment) as url, sync_playwright() as driver:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = driver.chromium.launch(executable_path=browser_path, args=arguments)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(url)
        page.locator("h1").first.wait_for(timeout=120_000)
        page.evaluate(WATCH)
        page.wait_for_function(DRAWN, timeout=120_000, polling=100)
        first: list[float] = []
        again: list[float] = []
        for turn in range(ROUNDS):
            for label in [*labels[1:], labels[0]]:
                taken = _choose(page, label)
                (again if turn or label == labels[0] else first).append(taken)
        browser.close()
    return first, again


def _choose(page: Any, label: str) -> float:
    """Choose a period and wait; milliseconds from the click to the page's last change."""
    page.locator(".st-key-period input").click()
    page.get_by_role("option", name=label, exact=True).click()
    page.wait_for_timeout(200)
    page.wait_for_function(DRAWN, timeout=120_000, polling=50)
    return float(page.evaluate("window.changedAt - window.chosenAt"))


@contextmanager
def _server(command: list[str], environment: dict[str, str]) -> Iterator[str]:
    """A server on a free port, stopped at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [word.replace("{port}", str(port)) for word in command],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{url}/_stcore/health", timeout=2).close()
                break
            except OSError:
                time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=30)
