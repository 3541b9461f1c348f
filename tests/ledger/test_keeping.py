"""What people keep is kept: whole, once, in plain files, whoever writes at the same time."""

import json
import os
import subprocess
import sys
import tomllib
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journey import ROOT
from journey.datafolder import DataFolder
from journey.errors import LedgerError
from journey.ledger import file, keeping
from journey.ledger.keeping import LedgerMovedError
from journey.ledger.note import LONGEST_COMMENT, Edit, Entry, Note, Place

NOW = datetime(2026, 11, 28, 10, 4)
KEY = "drop_off-checkout-2026-07-03"
MOBILE = Place(
    title="Mobile checkout",
    stage="decision",
    metric="decision/checkout_abandonment",
    who={"device": "mobile"},
    touchpoint="checkout_started",
    since=date(2026, 7, 3),
    sentence="Mobile checkout loses 310 orders a month.",
    money_a_month=24_000.5,
)
HOSTILE = (
    '"""\n[[history]]\nby = "x"\n\\ <img src=x onerror=alert(1)> ![t](http://evil/x.png) \U0001f600'
)


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    """An empty data folder."""
    return DataFolder(tmp_path)


def own(folder: DataFolder, name: str | None, **more: object) -> Note:
    """Somebody takes the pain on."""
    return keeping.edit(folder, KEY, MOBILE, Edit({"owner": name}), "Ana", at=NOW, **more)


def test_a_row_is_owned_dated_commented_and_closed(folder: DataFolder) -> None:
    own(folder, "Ben")
    due = Edit({"due": date(2026, 12, 1)}, "Fix is in review.\nSecond line.")
    keeping.edit(folder, KEY, None, due, "Ben", at=NOW + timedelta(hours=1))
    close = Edit({"fixed_on": date(2026, 7, 14)})
    keeping.edit(folder, KEY, None, close, "Cleo", at=NOW + timedelta(hours=2))
    note = keeping.read(folder).notes[KEY]
    assert (note.owner, note.due, note.fixed_on) == ("Ben", date(2026, 12, 1), date(2026, 7, 14))
    assert note.is_closed
    assert note.place == MOBILE
    assert note.history == (
        Entry(NOW, "Ana", "owner Ben"),
        Entry(NOW + timedelta(hours=1), "Ben", "due 1 Dec 2026", "Fix is in review.\nSecond line."),
        Entry(NOW + timedelta(hours=2), "Cleo", "fixed on 14 Jul 2026", fixed_on=date(2026, 7, 14)),
    )
    again = keeping.edit(folder, KEY, None, Edit({"fixed_on": None}), "Ana", at=NOW)
    assert not again.is_closed
    assert again.history[-1].did == "open again"


def test_the_file_is_one_a_person_can_read_and_edit(folder: DataFolder) -> None:
    own(folder, "Ben")
    path = folder.ledger / f"{KEY}.toml"
    by_hand = path.read_text().replace(
        'owner = "Ben"', 'due = 2026-12-24  # before the holidays\nowner = "Dora"'
    )
    assert by_hand != path.read_text()
    path.write_text("# Ask Eve about this one.\n" + by_hand)
    assert keeping.read(folder).notes[KEY].due == date(2026, 12, 24)
    keeping.edit(folder, KEY, None, Edit(comment="Looked at it."), "Eve", at=NOW)
    text = path.read_text()
    assert "# Ask Eve about this one." in text
    assert "# before the holidays" in text
    assert keeping.read(folder).notes[KEY].owner == "Dora"


def test_an_edit_adds_lines_and_moves_none(folder: DataFolder) -> None:
    """So that a difference between two versions of the file is the edit, and nothing else."""
    own(folder, "Ben")
    path = folder.ledger / f"{KEY}.toml"
    before = path.read_text().splitlines()
    keeping.edit(folder, KEY, MOBILE, Edit(comment="Hello"), "Ana", at=NOW)
    after = path.read_text().splitlines()
    assert after[: len(before)] == before


def test_the_second_writer_is_told_what_the_first_wrote(folder: DataFolder) -> None:
    seen = own(folder, "Ben").version
    keeping.edit(folder, KEY, None, Edit({"due": date(2026, 12, 1)}, "I do it"), "Ben", at=NOW)
    with pytest.raises(LedgerMovedError) as refused:
        own(folder, "Cleo", seen=seen)
    told = str(refused.value)
    assert (
        'Ben changed this row just now, while you were writing: due 1 Dec 2026; "I do it".' in told
    )
    assert "Yours is not written yet: owner Cleo." in told
    assert refused.value.now.due == date(2026, 12, 1)
    assert keeping.read(folder).notes[KEY].owner == "Ben"
    assert own(folder, "Cleo", seen=refused.value.now.version).owner == "Cleo"


def test_a_row_that_appeared_meanwhile_is_not_written_over(folder: DataFolder) -> None:
    own(folder, "Ben")
    with pytest.raises(LedgerMovedError, match="owner Ben"):
        own(folder, "Cleo", seen="")


def test_a_comment_is_added_whatever_was_seen(folder: DataFolder) -> None:
    seen = own(folder, "Ben").version
    own(folder, "Cleo")
    note = keeping.edit(folder, KEY, None, Edit(comment="Me too"), "Dan", seen=seen, at=NOW)
    assert [entry.by for entry in note.history] == ["Ana", "Ana", "Dan"]


def test_an_edit_by_hand_counts_as_another_version(folder: DataFolder) -> None:
    seen = own(folder, "Ben").version
    path = folder.ledger / f"{KEY}.toml"
    path.write_text(path.read_text().replace('"Ben"', '"Dora"', 1))
    with pytest.raises(LedgerMovedError):
        own(folder, "Cleo", seen=seen)


WRITER = """
import sys
from pathlib import Path
from journey.datafolder import DataFolder
from journey.ledger import keeping
from journey.ledger.note import Edit, Place
from journey.ledger.keeping import LedgerMovedError
folder, name, times = DataFolder(Path(sys.argv[1])), sys.argv[2], int(sys.argv[3])
place = Place("Mobile checkout", "decision", "decision/conversion_rate")
refused = 0
for number in range(times):
    while True:
        note = keeping.read(folder).notes.get("pain")
        seen = note.version if note else ""
        try:
            change = Edit({"owner": f"{name} {number}"}, f"{name} says {number}")
            keeping.edit(folder, "pain", place, change, name, seen=seen)
            break
        except LedgerMovedError:
            refused += 1
print(refused)
"""


def test_processes_that_write_at_once_lose_nothing(folder: DataFolder) -> None:
    """Each of three processes writes its part; each write is there once, in each one's order."""
    times = 15
    running = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(folder.root), name, str(times)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("Ana", "Ben", "Cleo")
    ]
    told = [process.communicate(timeout=120)[0] for process in running]
    assert all(process.returncode == 0 for process in running)
    assert all(said.strip().isdigit() for said in told)
    kept = keeping.read(folder)
    assert kept.damaged == ()
    note = kept.notes["pain"]
    assert len(note.history) == 3 * times
    for name in ("Ana", "Ben", "Cleo"):
        said = [entry.comment for entry in note.history if entry.by == name]
        assert said == [f"{name} says {number}" for number in range(times)]
    assert note.owner == note.history[-1].did.removeprefix("owner ")
    assert sorted(path.name for path in folder.ledger.iterdir()) == [".lock", "pain.toml"]


def test_a_writer_killed_halfway_leaves_the_row_as_it_was(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = own(folder, "Ben")

    def killed(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", killed)
    with pytest.raises(KeyboardInterrupt):
        own(folder, "Cleo")
    assert keeping.read(folder).notes == {KEY: before}
    assert sorted(path.name for path in folder.ledger.iterdir()) == [".lock", f"{KEY}.toml"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("key = ", "not valid TOML"),
        ('owner = "Ana"\n', "the key 'key' is missing"),
        (f'key = "{KEY}"\n[pain]\ntitle = "T"\n', "the key 'stage' is missing"),
        (f'key = "{KEY}"\nonwer = "A"\n[pain]\n', "unknown key 'onwer'. Did you mean 'owner'?"),
        (f'key = "{KEY}"\ndue = "soon"\n[pain]\n', "due is 'soon', and should be a day like"),
        (f'key = "{KEY}"\ndue = 2026-12-01T10:00:00\n[pain]\n', "should be a day like"),
        (f'key = "{KEY}"\nhistory = [{{by = "A"}}]\n' + '[pain]\ntitle="T"\nstage="s"\nmetric="m"',
         "the key 'at' is missing"),
        ('key = "other"\n[pain]\ntitle="T"\nstage="s"\nmetric="m"', "belongs in other.toml"),
    ],
)  # fmt: skip
def test_a_damaged_file_costs_its_own_row_and_is_never_written_over(
    folder: DataFolder, text: str, said: str
) -> None:
    keeping.edit(folder, "another", MOBILE, Edit(comment="Here"), "Ana", at=NOW)
    path = folder.ledger / f"{KEY}.toml"
    path.write_text(text)
    kept = keeping.read(folder)
    assert list(kept.notes) == ["another"]
    (told,) = kept.damaged
    assert str(path) in told
    assert said in told
    with pytest.raises(LedgerError, match=r"\.toml"):
        own(folder, "Ben")
    assert path.read_text() == text


def test_bytes_that_are_no_text_are_told(folder: DataFolder) -> None:
    folder.ledger.mkdir()
    (folder.ledger / "x.toml").write_bytes(b"\xff\xfe\x00")
    assert "not valid TOML" in keeping.read(folder).damaged[0]


@pytest.mark.parametrize(
    ("change", "by", "said"),
    [
        (Edit({"fixed_on": date(2026, 12, 24)}), "Ana", "still to come"),
        (Edit({"fixed_on": date(2026, 7, 1)}), "Ana", "began on 2026-07-03"),
        (Edit({"owner": "Ben"}), " \u200b ", "Nobody is named as the writer"),
        (Edit(), "Ana", "nothing is new"),
        (Edit({"owner": None}), "Ana", "nothing is new"),
        (Edit({"owner": "B" * 81}), "Ana", "81 characters, and 80 fit"),
        (Edit(comment="c" * (LONGEST_COMMENT + 1)), "Ana", "2,001 characters"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_remedy(
    folder: DataFolder, change: Edit, by: str, said: str
) -> None:
    with pytest.raises(LedgerError, match=said):
        keeping.edit(folder, KEY, MOBILE, change, by, at=NOW)
    assert keeping.read(folder).notes == {}


def test_a_key_nobody_knows_is_told(folder: DataFolder) -> None:
    with pytest.raises(LedgerError, match="There is no row 'nope'"):
        keeping.edit(folder, "nope", None, Edit(comment="Hi"), "Ana", at=NOW)


def test_a_folder_that_cannot_be_written_is_told(folder: DataFolder) -> None:
    folder.ledger.write_text("a file stands where the folder should be")
    with pytest.raises(LedgerError, match="cannot be written here"):
        own(folder, "Ben")


def test_a_row_of_ones_own(folder: DataFolder) -> None:
    place = Place("Returns at the store", "post_purchase", "post_purchase/refund_rate")
    note = keeping.open_by_hand(folder, place, "Ana", at=NOW)
    assert note.key == "by-hand-returns-at-the-store-" + note.key[-8:]
    assert note.place.by_hand
    assert keeping.read(folder).notes == {note.key: note}
    with pytest.raises(LedgerError, match="There is a row 'Returns at the store' already"):
        keeping.open_by_hand(folder, place, "Ben", at=NOW)


texts = st.text(max_size=60)
kinds = st.dictionaries(st.text(min_size=1, max_size=8), texts, max_size=3)


@given(
    key=st.text(min_size=1, max_size=120),
    title=texts,
    sentence=texts,
    who=kinds,
    owner=texts,
    comments=st.lists(texts.filter(lambda said: said.strip()), min_size=1, max_size=4),
)
def test_whatever_is_said_comes_back_as_it_was_said(
    tmp_path_factory: pytest.TempPathFactory,
    key: str, title: str, sentence: str, who: dict[str, str], owner: str, comments: list[str],
) -> None:  # fmt: skip
    """TOML has its own signs; none of ours or of an event's text may be taken for one."""
    folder = DataFolder(tmp_path_factory.mktemp("said"))
    place = Place(title, "decision", "decision/conversion_rate", who, sentence=sentence)
    for comment in [*comments, HOSTILE]:
        change = Edit({"owner": owner}, comment + "!")
        kept = keeping.edit(folder, key, place, change, "A" + owner, at=NOW)
    assert len(list(folder.ledger.glob("*.toml"))) == 1
    (path,) = folder.ledger.glob("*.toml")
    assert path.parent == folder.ledger
    assert keeping.read(folder).notes == {key: kept}
    assert kept.place == place
    assert len(kept.history) == len(comments) + 1
    assert "<img src=x onerror=alert(1)>" in kept.history[-1].comment
    assert len(tomllib.loads(path.read_text(encoding="utf-8"))["history"]) == len(comments) + 1


@given(st.lists(st.text(max_size=100), min_size=2, max_size=20, unique=True))
def test_no_two_keys_share_a_file_and_none_leaves_the_folder(keys: list[str]) -> None:
    names = [file.file_name(key) for key in keys]
    assert len({name.lower() for name in names}) == len(names)
    for name in names:
        assert Path(name).name == name
        assert not name.startswith(".")
        assert json.dumps(name).isascii()
