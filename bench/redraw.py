"""What a filter change costs beyond Streamlit: pages against the same pages of constants."""

import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
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

PAGES = ("overview", "channels", "attribution", "funnel", "paths", "satisfaction", "feedback",
         "retention", "lifetime")  # fmt: skip
"""The pages that ask most; any page's name may be given."""

SERVERS = 3
"""So many servers are begun anew: in each, a period is asked for the first time only once."""

ROUNDS = 2
"""How often each period is chosen of a server; the first time nobody has asked for it yet."""

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
        && charts.every(chart => chart.querySelector(".main-svg"));
    return still && performance.now() - Math.max(window.changedAt ?? 0, window.chosenAt ?? 0) > 700;
}"""
"""Whether the page has come to rest."""


def compare(folder: DataFolder, pages: Sequence[str]) -> None:
    """Measure each page and its twin of constants, and print the ratios."""
    browser_path = chromium()
    if browser_path is None:
        say("no Chromium, so the redraw is not measured: install it or set JOURNEY_CHROMIUM")
        return
    rows: list[list[object]] = []
    for page in pages:
        ours, theirs = _both(folder, page, browser_path)
        for name, mine, other in zip(("first", "again"), ours, theirs, strict=True):
            middle, constant = statistics.median(mine), statistics.median(other)
            rows.append([page, name, len(mine), middle, constant, middle / constant])
    columns = ["page", "asked", "changes", "ours", "constants", "times constants"]
    show("A new period until the page is redrawn, median milliseconds", columns, rows)
    say("the server works out a page's other periods ahead, while no page is being drawn")
    say_load()


def _both(
    folder: DataFolder, page: str, browser_path: str
) -> list[tuple[list[float], list[float]]]:
    """Milliseconds of changes to a period, for the first time and again: of ours, of the twin."""
    labels = [PERIODS[name] for name in CHOSEN]
    recording = folder.root / f"{page}.pickle"
    record(folder, page, labels, recording)
    journey = [sys.executable, "-m", "journey", "--data", str(folder.root), "serve", "--port"]
    twin = Path(__file__).parent / "constant_app.py"
    constant = [sys.executable, "-m", "streamlit", "run", str(twin), "--server.port", "{port}"]
    named = {"JOURNEY_RECORDING": str(recording), "PYTHONPATH": str(ROOT)}
    path = "" if page == "overview" else page
    ours: tuple[list[float], list[float]] = ([], [])
    theirs: tuple[list[float], list[float]] = ([], [])
    for _ in range(SERVERS):
        for taken, (first, again) in (
            (ours, _measure([*journey, "{port}"], {}, browser_path, labels, path)),
            (theirs, _measure(constant, named, browser_path, labels, "")),
        ):
            taken[0].extend(first)
            taken[1].extend(again)
    return [ours, theirs]


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
    command: list[str],
    environment: dict[str, str],
    browser_path: str,
    labels: list[str],
    path: str,
) -> tuple[list[float], list[float]]:
    """Milliseconds of changes to a period: chosen for the first time, and chosen again."""
    from playwright.sync_api import sync_playwright

    with _server(command, environment) as url, sync_playwright() as driver:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = driver.chromium.launch(executable_path=browser_path, args=arguments)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"{url}/{path}")
        page.locator("h1").first.wait_for(timeout=120_000)
        page.evaluate(WATCH)
        page.wait_for_function(DRAWN, timeout=120_000, polling=100)
        first: list[float] = []
        again: list[float] = []
        for turn in range(ROUNDS):
            for label in [*labels[1:], labels[0]]:
                taken = _choose(page, label)
                (again if turn or label == labels[0] else first).append(taken)
        if page.locator("[data-testid=stException]").count():
            raise SystemExit(f"{url}/{path}: the page shows an error, so nothing is measured")
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
