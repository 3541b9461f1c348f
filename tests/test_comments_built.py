"""Comments in a snapshot: masked everywhere, read once, and as if all had been read at once."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from journey.comments import reading
from journey.errors import ConfigError
from journey.warehouse import comments
from journey.warehouse.snapshot import Snapshot
from tests.world import Business, Rows, people

SAID = [
    ("The parcel came late, ring Sam Miller on +49 170 5550123", "en", 1),
    ("Das Paket kam zu spät", "de", 2),
    ("Das Paket kam zu spät", None, 2),
    ("Produto ótimo, entrega rápida", "pt-BR", 5),
    ("Great price", None, None),
    ("???", None, 4),
    ("Le colis n'est jamais arrivé. Bonne qualité.", "fr", 3),
]


def rows(said: list[tuple[str, str | None, int | None]], first: int = 0) -> Rows:
    """A review for each comment, after an order."""
    made = people(
        **{
            f"p{first + n}": "order_completed@0 review_written@1 channel=Email"
            for n in range(len(said))
        }
    )
    for n, (comment, language, score) in enumerate(said):
        review = made[2 * n + 1]
        review |= {"comment": comment, "language": language}
        if score is not None:
            review |= {"survey": "csat", "score": score}
    return made


def tables(business: Business) -> dict[str, Rows]:
    return {name: business.table(name) for name in ("responses", "mentions")}


def test_responses_carry_what_was_read(business: Business) -> None:
    business.deliver(rows(SAID))
    business.build()
    read = business.table("responses", "comment, language, sentiment, themes", "event_id")
    masked = "The parcel came late, ring [name] on [phone]"
    assert [tuple(row.values()) for row in read] == [
        (masked, "en", "negative", "delivery"),
        ("Das Paket kam zu spät", "de", "negative", "delivery"),
        ("Das Paket kam zu spät", "de", "negative", "delivery"),
        ("Produto ótimo, entrega rápida", "pt", "positive", "delivery, product"),
        ("Great price", "en", "positive", "price"),
        ("???", "other", None, ""),
        ("Le colis n'est jamais arrivé. Bonne qualité.", "fr", read[6]["sentiment"],
         "delivery, product"),
    ]  # fmt: skip
    found = business.table("mentions", "event_id, theme, sentiment")
    assert ("p6-2", "delivery", "negative") in [tuple(row.values()) for row in found]
    assert ("p6-2", "product", "positive") in [tuple(row.values()) for row in found]


def test_no_table_and_no_file_of_the_snapshot_holds_what_was_masked(business: Business) -> None:
    business.deliver(rows(SAID))
    engine = business.build()
    for name in ("responses", "mentions", "events", "touches"):
        shown = business.engine._root.cursor().sql(f"from {name}").pl()
        assert "Miller" not in shown.write_json(), name
    assert b"5550123" not in engine.snapshot.path.read_bytes()
    for path in business.folder.feedback.rglob("*.parquet"):
        assert "5550123" not in pl.read_parquet(path).write_json()


def counted(business: Business, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many comments each build reads, from now on."""
    seen: list[int] = []
    original = reading.Reader.read

    def read(self: reading.Reader, given: pl.DataFrame) -> reading.Reading:
        seen.append(given.height)
        return original(self, given)

    monkeypatch.setattr(reading.Reader, "read", read)
    return seen


def test_only_new_comments_are_read_and_all_is_as_if_read_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bit_by_bit, at_once = Business(tmp_path / "bits"), Business(tmp_path / "once")
    seen = counted(bit_by_bit, monkeypatch)
    for number in range(len(SAID)):
        bit_by_bit.deliver(rows([SAID[number]], number))
        bit_by_bit.build()
    bit_by_bit.build()
    assert seen == [1, 1, 1, 1, 1, 1, 1]
    at_once.deliver(rows(SAID))
    at_once.build()
    assert tables(bit_by_bit) == tables(at_once)
    bit_by_bit.close()
    at_once.close()


def test_the_same_words_are_read_once(business: Business, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = counted(business, monkeypatch)
    business.deliver(rows([("Great price", "en", 5)] * 4))
    business.build()
    business.deliver(rows([("Great price", "en", 1)], 10))
    business.build()
    assert seen == [1]
    assert len(business.table("mentions")) == 5


def test_many_small_files_become_one_and_nothing_is_lost(
    business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comments, "_MOST_FILES", 2)
    for number in range(5):
        business.deliver(rows([(f"Price number {number}", "en", 5)], number))
        business.build()
        assert len(list(business.folder.feedback.rglob("comments-*.parquet"))) <= 3
    assert len(business.table("mentions")) == 5


def test_other_themes_are_looked_for_in_all_comments(
    tmp_path: Path, business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    business.deliver(rows(SAID))
    business.build()
    seen = counted(business, monkeypatch)
    own = tmp_path / "themes.yaml"
    own.write_text("lateness:\n  en: late\n  de: spät\n")
    business.config = replace(business.config, themes=own)
    business.build()
    assert seen == [7]
    assert [row["theme"] for row in business.table("mentions")] == ["lateness"] * 3
    versions = {path.parent for path in business.folder.feedback.rglob("comments-*.parquet")}
    assert len(versions) == 1


def test_a_wrong_file_of_themes_leaves_the_snapshot_in_use(
    tmp_path: Path, business: Business
) -> None:
    business.deliver(rows(SAID))
    business.build()
    before = business.engine.snapshot.name
    own = tmp_path / "themes.yaml"
    own.write_text("delivery: [")
    business.config = replace(business.config, themes=own)
    with pytest.raises(ConfigError, match=r"themes\.yaml, line 1"):
        business.build()
    business.config = replace(business.config, themes=tmp_path / "gone.yaml")
    with pytest.raises(ConfigError, match="cannot be read"):
        business.build()
    assert Snapshot.current(business.folder).name == before


def test_a_torn_pair_of_files_does_not_count(business: Business) -> None:
    business.deliver(rows(SAID))
    business.build()
    whole = tables(business)

    next(business.folder.feedback.rglob("comments-0001.parquet")).unlink()
    business.build()
    assert tables(business) == whole


def test_a_world_without_a_comment_is_built(business: Business) -> None:
    business.deliver(people(ana="ad_clicked@0 order_completed@1"))
    business.build()
    assert business.table("mentions") == []


@pytest.mark.parametrize("kind", ["comments", "mentions"])
def test_what_a_damaged_file_held_is_read_again(business: Business, kind: str) -> None:
    business.deliver(rows(SAID))
    business.build()
    whole = tables(business)
    next(business.folder.feedback.rglob(f"{kind}-*.parquet")).write_bytes(b"no parquet")
    business.build()
    assert tables(business) == whole
