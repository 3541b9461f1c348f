"""The command `segment` and the filter it gives, as a user at a prompt finds them."""

import csv
import io
import json
import stat

import pytest

from journey.metrics.masks import LENGTH, mask
from journey.metrics.statistics import difference
from tests.test_commands import PERIOD, Prompt, prompt, shop

__all__ = ["prompt", "shop"]

HEADER = "-- title: Mine\n-- question: Who is mine?\n--\n-- Those I say.\n"


@pytest.fixture
def buyers(shop: Prompt) -> Prompt:
    """The shop, with a segment of the five people who ordered."""
    sql = "select person_id from people where orders > 0"
    (shop.queries / "segments" / "buyers.sql").write_text(HEADER + sql)
    return shop


def test_a_segment_as_json_lists_masked_ids(buyers: Prompt) -> None:
    done = buyers("segment", "buyers", "--format", "json", JOURNEY_MASK_KEY="k")
    answer = json.loads(done.stdout)
    assert (answer["segment"], answer["title"]) == ("buyers", "Mine")
    assert (answer["size"], answer["people"], answer["masked"]) == (5, 20, True)
    assert answer["ids"] == sorted(mask(f"c{number}", "k") for number in (0, 4, 8, 12, 16))
    assert not {"c0", "c4"} & set(answer["ids"])


def test_a_segment_as_csv_is_a_row_a_person(buyers: Prompt) -> None:
    done = buyers("segment", "buyers", "--where", "channel=Social", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert len(rows) == 5
    assert {len(row["person"]) for row in rows} == {LENGTH}


def test_a_segment_as_a_table_says_its_size(buyers: Prompt) -> None:
    done = buyers("segment", "buyers")
    assert done.stdout.startswith("Who is mine?\n5 of 20 people = 25.00%.\n")


def test_all_segments_with_their_sizes(buyers: Prompt) -> None:
    listed = json.loads(buyers("segment", "--format", "json").stdout)["segments"]
    sizes = {row["segment"]: row["size"] for row in listed}
    assert (sizes["buyers"], sizes["repeat_buyers"]) == (5, 0)


@pytest.mark.parametrize("told", [{"JOURNEY_SHOW_PERSON_IDS": "1"}, {}], ids=["shell", "file"])
def test_ids_are_shown_where_the_operator_says_so(buyers: Prompt, told: dict) -> None:
    config = buyers.root / "open.toml"
    config.write_text("" if told else "show_person_ids = true\n")
    done = buyers("segment", "buyers", "--format", "json", JOURNEY_CONFIG=str(config), **told)
    answer = json.loads(done.stdout)
    assert answer["ids"] == ["c0", "c12", "c16", "c4", "c8"]
    assert answer["masked"] is False


def test_masks_are_the_same_every_time_and_their_key_is_the_owners(buyers: Prompt) -> None:
    first = buyers("segment", "buyers", "--format", "csv").stdout
    assert first == buyers("segment", "buyers", "--format", "csv").stdout
    key = buyers.data / "mask.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert mask("c0", key.read_text()) in first


def test_the_environment_may_hide_what_the_file_shows(buyers: Prompt) -> None:
    config = buyers.root / "open.toml"
    config.write_text("show_person_ids = true\n")
    asked = ("segment", "buyers", "--format", "json")
    done = buyers(*asked, JOURNEY_CONFIG=str(config), JOURNEY_SHOW_PERSON_IDS="false")
    assert json.loads(done.stdout)["masked"] is True


def test_where_takes_a_segment(buyers: Prompt) -> None:
    asked = ("run", "conversion_rate", *PERIOD, "--format", "json", "--where", "segment=buyers")
    answer = json.loads(buyers(*asked).stdout)
    assert answer["where"] == {"segment": ["buyers"]}
    assert (answer["total"]["part"], answer["total"]["whole"]) == (5, 5)


def test_one_group_against_another(buyers: Prompt) -> None:
    asked = ("run", "conversion_rate", *PERIOD, "--where", "segment=buyers")
    answer = json.loads(buyers(*asked, "--against", "else", "--format", "json").stdout)
    assert answer["against"]["outside"] == {"segment": ["buyers"]}
    assert (answer["against"]["total"]["part"], answer["against"]["total"]["whole"]) == (0, 15)
    assert answer["difference"]["value"] == 1
    assert answer["difference"]["low"] == pytest.approx(difference(5, 5, 0, 15)[1])
    told = buyers(*asked, "--against", "channel=Email").stdout
    assert "against channel=Email" in told
    both = ("run", "conversion_rate", *PERIOD, "--where", "channel=Email", "--against")
    assert "difference: -0.5" in buyers(*both, "channel=Social").stdout
    assert "Did you mean 'Social'?" in buyers.error(*both, "channel=Socal")
    assert "Everyone else than whom?" in buyers.error(*asked[:-2], "--against", "else")
    assert "CSV has the rows of one group" in buyers.error(
        *asked, "--against", "else", "--format", "csv"
    )


def test_a_segment_there_is_not(buyers: Prompt) -> None:
    assert "Did you mean 'buyers'?" in buyers.error("segment", "buyer")
    asked = ("run", "csat", *PERIOD, "--where", "segment=buyer")
    assert "Did you mean 'buyers'?" in buyers.error(*asked)


def test_check_and_the_list_name_a_broken_segment(buyers: Prompt) -> None:
    path = buyers.queries / "segments" / "broken.sql"
    path.write_text(HEADER + "select person_id\nfrom peeple")
    try:
        assert f"{path}, line 6: It reads 'peeple'." in buyers.error("check")
        assert "broken.sql" in buyers.error("segment")
        assert "5" in buyers("segment").stdout
    finally:
        path.unlink()


def test_one_broken_file_leaves_the_others_listed(buyers: Prompt) -> None:
    broken = buyers.queries / "segments" / "broken.sql"
    gone = buyers.queries / "segments" / "gone.sql"
    broken.write_text(HEADER + "select person_idd from people")
    gone.symlink_to(buyers.root / "nowhere")
    try:
        done = buyers("segment", "--format", "json")
    finally:
        broken.unlink()
        gone.unlink()
    sizes = {row["segment"]: row["size"] for row in json.loads(done.stdout)["segments"]}
    assert (done.returncode, sizes["buyers"]) == (1, 5)
    of_broken, of_gone = done.stderr.splitlines()
    assert "broken.sql" in of_broken
    assert ": DuckDB refuses the SQL. Binder Error: " in of_broken
    assert of_broken.endswith('". Mend the SQL and reload.')
    assert "gone.sql: this file cannot be read (No such file or directory). Mend it" in of_gone
