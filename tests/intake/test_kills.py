"""A kill at any moment leaves the store as it was or as it should be."""

import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from journey.config import load
from journey.intake import commit
from journey.intake.commit import recover
from journey.warehouse.build import build
from tests.intake.shop import Shop

ROOT = Path(__file__).parents[2]
ROWS = [
    f"e{number},order_completed,2026-{number % 12 + 1:02}-05,c{number % 97},{number},,"
    for number in range(3_000)
]


class Killed(BaseException):
    """What a test raises in place of a kill."""


def stored(shop: Shop) -> tuple[int, int, int]:
    """Events, rejected rows and deliveries there are."""
    deliveries = list(shop.folder.deliveries.glob("*"))
    return len(shop.events()), len(shop.quarantine()), len(deliveries)


def command(shop: Shop, *arguments: str) -> subprocess.Popen[bytes]:
    """A command of its own over the shop's data."""
    line = [sys.executable, "-m", "journey", "--data", str(shop.folder.root), *arguments]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(line, cwd=ROOT, stdout=quiet, stderr=quiet, preexec_fn=_hear_interrupts)


def _hear_interrupts() -> None:
    """Undo what a shell does to commands in the background."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture
def deliveries(shop):
    """A first delivery that is in, and a second one that is not."""
    shop.take(shop.rows(*ROWS[:1_000], "short,1", name="first.csv"))
    return shop, shop.rows(*ROWS, "x,seen,never,ana,,,", name="second.csv")


def test_at_every_rename_and_the_next_command_sets_it_right(deliveries, monkeypatch, tmp_path):
    shop, second = deliveries
    before = stored(shop)
    after = (3_000, 2, 2)
    saved = tmp_path / "saved"
    shutil.copytree(shop.folder.root, saved)
    outcomes = []
    for moment in range(100):
        shutil.rmtree(shop.folder.root)
        shutil.copytree(saved, shop.folder.root)
        with monkeypatch.context() as patched:
            interrupt(patched, moment)
            try:
                shop.take(second)
                finished = True
            except Killed:
                finished = False
        recover(shop.folder)
        outcomes.append(stored(shop))
        assert outcomes[-1] in (before, after)
        assert not shop.folder.staging.exists()
        report = shop.take(second)
        assert report.accepted + report.duplicate == 3_000
        assert stored(shop) == after
        if finished:
            break
    assert outcomes[0] == before
    assert outcomes[-2] == outcomes[-1] == after
    assert outcomes == sorted(outcomes)


def interrupt(patched: pytest.MonkeyPatch, moment: int) -> None:
    """Stop dead at the rename or removal with this number; whatever cleans up is dead as well."""
    left = iter(range(moment, -1, -1))
    dead = []

    def stopping(original):
        def act(*args, **kwargs):
            if dead or next(left) == 0:
                dead.append(True)
                raise Killed
            return original(*args, **kwargs)

        return act

    patched.setattr(Path, "rename", stopping(Path.rename))
    patched.setattr(Path, "replace", stopping(Path.replace))
    patched.setattr(shutil, "rmtree", stopping(shutil.rmtree))


def test_by_the_system_at_any_time(deliveries, tmp_path):
    shop, second = deliveries
    saved = tmp_path / "saved"
    shutil.copytree(shop.folder.root, saved)
    rng = random.Random(3)
    for _ in range(8):
        shutil.rmtree(shop.folder.root)
        shutil.copytree(saved, shop.folder.root)
        running = command(shop, "ingest", str(second), "--as", "events")
        time.sleep(rng.uniform(0.1, 1.2))
        running.send_signal(signal.SIGKILL)
        running.wait()
        recover(shop.folder)
        assert stored(shop) in ((1_000, 1, 1), (3_000, 2, 2))
    assert shop.take(second).read == 3_001
    assert stored(shop) == (3_000, 2, 2)
    assert build(shop.folder, load(None)).events == 3_000


def test_a_build_finishes_what_an_ingest_had_decided(deliveries, monkeypatch):
    shop, second = deliveries
    with monkeypatch.context() as patched:
        patched.setattr(commit, "_move", killed)
        with pytest.raises(Killed):
            shop.take(second)
    assert len(shop.events()) == 1_000
    assert build(shop.folder, load(None)).events == 3_000
    assert stored(shop) == (3_000, 2, 2)


def killed(*_: object) -> None:
    """Die here."""
    raise Killed


def test_what_was_not_decided_is_thrown_away(shop):
    lost = shop.folder.staging / "events-0123" / "events" / "month=2026-01"
    lost.mkdir(parents=True)
    (lost / "half.parquet").write_bytes(b"PAR1")
    (shop.folder.staging / "stray").write_bytes(b"")
    assert shop.take(shop.rows(*ROWS[:5])).accepted == 5
    assert len(shop.folder.event_files()) == 5


def test_two_at_once_wait_for_each_other(shop):
    halves = [shop.rows(*ROWS[part::2], name=f"{part}.csv") for part in range(2)]
    running = [command(shop, "ingest", str(half), "--as", "events") for half in halves]
    assert [each.wait(timeout=120) for each in running] == [0, 0]
    assert len(shop.events()) == 3_000


@pytest.mark.parametrize("seconds", [0.6, 0.9, 1.2])
def test_an_interrupt_leaves_nothing_half_done(deliveries, seconds):
    shop, second = deliveries
    running = command(shop, "ingest", str(second), "--as", "events")
    time.sleep(seconds)
    running.send_signal(signal.SIGINT)
    running.wait(timeout=60)
    assert not shop.folder.staging.exists()
    assert stored(shop) in ((1_000, 1, 1), (3_000, 2, 2))
