"""The command line: what is promised of each command, as a user at a prompt finds it."""

import csv
import io
import json
import shutil
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.prompt import journey

ROOT = Path(__file__).parent.parent
HEADER = "event_id,touchpoint,occurred_at,customer_id,channel,order_id,revenue,currency\n"
EVENTS = HEADER
for number in range(20):
    channel = "Email" if number % 2 else "Social"
    EVENTS += f"a{number},ad_clicked,2026-01-{number + 1:02},c{number},{channel},,,\n"
    if number % 4 == 0:
        at = f"2026-01-{number + 2:02}"
        EVENTS += f"o{number},order_completed,{at},c{number},Direct,o{number},10,EUR\n"
PERIOD = ("--since", "2026-01-01", "--until", "2026-02-01", "--as-of", "2026-06-01")


class Prompt:
    """A user's shell: a data folder, a configuration and a copy of the queries."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.data = root / "data"
        self.config = root / "journey.toml"
        self.config.write_text('template = "retail"\n')
        self.queries = root / "queries"
        shutil.copytree(ROOT / "queries", self.queries)

    def __call__(self, *arguments: str, **environment: str) -> CompletedProcess[str]:
        """What a command prints, and its exit code."""
        usual = {
            "JOURNEY_DATA": str(self.data),
            "JOURNEY_CONFIG": str(self.config),
            "JOURNEY_QUERIES": str(self.queries),
        }
        return journey(*arguments, **usual | environment)

    def file(self, text: str, name: str = "events.csv") -> str:
        """A file beside the data."""
        (self.root / name).write_text(text)
        return str(self.root / name)

    def error(self, *arguments: str, **environment: str) -> str:
        """The one sentence on standard error of a command that fails."""
        done = self(*arguments, **environment)
        assert done.returncode == 1, done
        assert "Traceback" not in done.stderr
        (line,) = done.stderr.strip().splitlines()
        assert line.startswith("journey: ")
        return line


@pytest.fixture
def prompt(tmp_path):
    """A prompt with an empty store."""
    return Prompt(tmp_path)


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """A prompt with events that are built. Tests leave it as it is."""
    prompt = Prompt(tmp_path_factory.mktemp("shop"))
    assert prompt("ingest", prompt.file(EVENTS), "--as", "events").returncode == 0
    assert prompt("build").returncode == 0
    return prompt


# ingest


def test_ingest_returns_what_became_of_the_rows(prompt):
    path = prompt.file(EVENTS + "x,qr_scanned,2026-01-01,c1,,,,\ny,seen,never,c1,,,,\n")
    done = prompt("ingest", path, "--as", "events", "--format", "json")
    assert done.returncode == 0
    report = json.loads(done.stdout)
    assert report["read"] == 27
    assert (report["accepted"], report["duplicate"]) == (26, 0)
    assert report["rejected"] == {"unreadable time": 1}
    assert report["unmapped"] == {"qr_scanned": 1}
    again = json.loads(prompt("ingest", path, "--as", "events", "--format", "json").stdout)
    assert (again["accepted"], again["duplicate"]) == (0, 26)
    for name in ("delivery", "format", "files", "lines", "read", "rejected"):
        assert again[name] == report[name]


def test_ingest_prints_the_sum(prompt):
    done = prompt("ingest", prompt.file(EVENTS + "y,seen,never,c1,,,,\n"), "--as", "events")
    assert "26 rows read = 25 accepted + 0 duplicate + 1 rejected" in done.stdout
    assert "rejected: unreadable time: 1" in done.stdout


def test_ingest_takes_inputs_by_name(prompt):
    leads = prompt.file(
        "mql_id,first_contact_date,landing_page_id,origin\na,2018-01-01,x,\n", "a.csv"
    )
    columns = "mql_id,won_date,business_segment,lead_type,declared_monthly_revenue\n"
    deals = prompt.file(columns + "a,2018-02-01,pets,online,0\n", "b.csv")
    named = f"deals={deals}", f"leads={leads}"
    done = prompt("ingest", *named, "--as", "olist_marketing_funnel", "--format", "json")
    assert json.loads(done.stdout)["accepted"] == 2


def test_ingest_says_what_is_wrong_in_one_sentence(prompt):
    assert "no such file" in prompt.error("ingest", "nowhere.csv", "--as", "events")
    misspelt = prompt.file("touchpoint,occured_at,customer_id\nseen,2026-01-01,a\n")
    message = prompt.error("ingest", misspelt, "--as", "events")
    assert "there is no column occurred_at. Did you mean 'occured_at'?" in message
    assert not (prompt.data / "events").exists()


# where things are


def test_the_data_folder_and_the_configuration_are_options_too(prompt, tmp_path):
    other = tmp_path / "other"
    config = tmp_path / "b2b.toml"
    config.write_text('template = "b2b"\n')
    path = prompt.file("touchpoint,occurred_at,customer_id\ndeal_won,2026-01-01,a\n")
    given = "--data", str(other), "--config", str(config)
    done = prompt(*given, "ingest", path, "--as", "events", "--format", "json")
    assert json.loads(done.stdout)["unmapped"] == {}
    assert list(other.glob("events/*/*.parquet"))
    assert not prompt.data.exists()
    retail = prompt("ingest", path, "--as", "events", "--format", "json")
    assert json.loads(retail.stdout)["unmapped"] == {"deal_won": 1}


def test_a_configuration_may_be_one_line_and_override_its_template(prompt):
    prompt.config.write_text('template = "b2b"\n[journey]\ngap_days = 10\n')
    rows = "touchpoint,occurred_at,customer_id\n"
    rows += "lead_captured,2026-01-01,a\nlead_qualified,2026-01-20,a\n"
    prompt("ingest", prompt.file(rows), "--as", "events")
    assert prompt("build").returncode == 0
    asked = ("run", "journeys_by_channel", *PERIOD, "--format", "json")
    counted = json.loads(prompt(*asked).stdout)["rows"]
    assert sum(row["journeys"] for row in counted) == 2


@pytest.mark.parametrize(
    ("config", "says"),
    [
        ('template = "b2c"', "there is no template 'b2c'. Did you mean 'b2b'?"),
        ("curency = 'EUR'", "unknown key 'curency'. Did you mean 'currency'?"),
        ("[journey]\ngap_day = 3", "unknown key 'gap_day' in [journey]. Did you mean 'gap_days'?"),
        ("[journey]\ngap_days = -1", "[journey] gap_days is -1"),
        ("time_zone = 'Europe/Berlim'", "there is no time zone 'Europe/Berlim'"),
        ("template = ", "not valid TOML"),
    ],
)
def test_a_configuration_that_cannot_be_used(prompt, config, says):
    prompt.config.write_text(config)
    message = prompt.error("ingest", prompt.file(EVENTS), "--as", "events")
    assert str(prompt.config) in message
    assert says in message


def test_a_configuration_that_is_not_there(prompt):
    gone = str(prompt.root / "gone.toml")
    assert "no such configuration file" in prompt.error("build", JOURNEY_CONFIG=gone)


# build and run


def test_nothing_was_built_yet(prompt):
    assert "there are no events yet" in prompt.error("build")
    assert "nothing was built yet" in prompt.error("run", "csat", *PERIOD)


def test_run_finds_its_metric_after_the_conditions(shop):
    rows = shop("run", *PERIOD, "--where", "channel=Email", "conversion_rate", "--format", "csv")
    assert rows.returncode == 0
    assert rows.stdout.startswith("week,converted,journeys")
    assert "which metric" in shop.error("run", *PERIOD, "--where", "channel=Email")


def test_run_as_json(shop):
    done = shop("run", "conversion_rate", *PERIOD, "--where", "channel=Social", "--format", "json")
    answer = json.loads(done.stdout)
    assert list(answer) == [
        *("metric", "since", "until", "as_of", "where", "snapshot", "rows", "total")
    ]
    assert answer["metric"] == "conversion_rate"
    assert (answer["since"], answer["until"]) == ("2026-01-01", "2026-02-01")
    assert answer["as_of"] == "2026-06-01"
    assert answer["where"] == {"channel": ["Social"]}
    assert set(answer["rows"][0]) == {"week", "converted", "journeys"}
    assert answer["rows"][0]["week"] == "2025-12-29"
    total = answer["total"]
    assert (total["part"], total["whole"], total["value"]) == (5, 10, 0.5)
    assert 0 < total["low"] < 0.5 < total["high"] < 1


def test_run_as_csv(shop):
    done = shop("run", "overview/stage_funnel", *PERIOD, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [row["stage"] for row in rows] == [
        *("awareness", "consideration", "decision", "purchase", "post_purchase")
    ]
    assert [int(row["journeys"]) for row in rows] == [20, 5, 5, 5, 0]


def test_run_as_a_table(shop):
    done = shop("run", "conversion_rate", *PERIOD)
    assert "What share of journeys ends in an order?" in " ".join(done.stdout.split())
    assert "total: 5 of 20 = 0.25 (95 %" in done.stdout


def test_run_with_several_values(shop):
    where = ("--where", "channel=Social", "channel=Email")
    both = json.loads(shop("run", "conversion_rate", *PERIOD, *where, "--format", "json").stdout)
    assert both["where"] == {"channel": ["Social", "Email"]}
    assert both["total"]["whole"] == 20


def test_a_metric_without_a_whole_has_no_total(shop):
    done = shop("run", "new_people", *PERIOD, "--format", "json")
    assert "total" not in json.loads(done.stdout)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (("run", "conversion_rat", *PERIOD), "Did you mean 'conversion_rate'?"),
        (("run", "csat", *PERIOD, "--where", "chanel=Email"), "Did you mean 'channel'?"),
        (("run", "csat", *PERIOD, "--where", "channel=Emial"), "Did you mean 'Email'?"),
        (("run", "csat", "--since", "2026-02-01", "--until", "2026-01-01"), "is empty"),
    ],
)
def test_a_question_that_makes_no_sense(shop, asked, says):
    assert says in shop.error(*asked)


def test_a_day_that_is_none(shop):
    done = shop("run", "csat", "--since", "tomorrow", "--until", "2026-01-01")
    assert done.returncode == 2
    assert "'tomorrow' is not a day like 2026-01-31" in done.stderr


# metrics and check


def test_metrics_lists_them_with_their_questions(shop):
    done = shop("metrics")
    assert done.returncode == 0
    assert "decision/conversion_rate" in done.stdout
    assert "What share of journeys ends in an order?" in done.stdout


def test_check_of_what_is_well(shop):
    done = shop("check")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("All is well")


def test_check_tells_of_missed_targets_and_fails_over_them_only_when_asked(shop, tmp_path):
    config = tmp_path / "journey.toml"
    config.write_text(
        "minimum_n = 1\n"
        '[targets]\nunassigned_share = { value = 50, direction = "higher", owner = "Kim" }\n'
        "new_people = 3\n"
    )
    done = shop("check", JOURNEY_CONFIG=str(config))
    assert done.returncode == 0, done.stderr
    lines = [line for line in done.stdout.splitlines() if line.startswith("Target")]
    assert lines[0].startswith("Target unassigned_share: off target. 0")
    assert "at least 50" in lines[0]
    assert lines[0].endswith(", Kim.")
    assert lines[1] == "Target new_people: counts have no interval to judge a target by."
    assert shop("check", "--targets", JOURNEY_CONFIG=str(config)).returncode == 1


@pytest.fixture
def broken(shop, tmp_path):
    """Puts a metric file in a copy of the queries and gives what `check` says to it."""

    def check(text: str, path: str = "decision/mine.sql") -> str:
        queries = tmp_path / "queries"
        shutil.copytree(ROOT / "queries", queries)
        (queries / path).write_text(text)
        message = shop.error("check", JOURNEY_QUERIES=str(queries))
        assert str(queries / path) in message
        listed = shop("metrics", JOURNEY_QUERIES=str(queries))
        assert "decision/conversion_rate" in listed.stdout
        return message

    return check


GOOD = (ROOT / "queries" / "decision" / "conversion_rate.sql").read_text()


def test_check_names_the_line_of_a_broken_metric(broken):
    lines = GOOD.splitlines()
    number = next(place for place, line in enumerate(lines, 1) if "from journeys" in line)
    message = broken(GOOD.replace("from journeys", "from journies"))
    assert f"line {number}: " in message
    assert "journies" in message
    assert "journeys" in message


def test_check_guesses_at_a_header_key(broken):
    message = broken(GOOD.replace("-- better:", "-- beter:"))
    assert "unknown header 'beter'. Did you mean 'better'?" in message


def test_check_refuses_sql_that_does_more_than_ask(broken):
    assert "mine.sql" in broken(GOOD[: GOOD.index("select")] + "drop table journeys")


UNBOUND = """-- title:    Touches
-- question: Which touchpoints are there?
-- chart:    bar
-- unit:     touches
-- better:   neither
-- grain:    one row per touchpoint
--
-- Touches by touchpoint.
select touchpoint, sum(touches)::bigint as touches, from daily where {bounds} group by all
"""


def test_check_asks_for_the_bounds_of_a_period(broken):
    message = broken(UNBOUND.format(bounds="occurred_on < $until"))
    assert "it answers for all time, whatever period is asked. Bound it with $since" in message


def test_check_tells_a_day_from_a_moment(broken):
    bounds = "occurred_on >= $since and occurred_on < $until and occurred_on <= $as_of"
    message = broken(UNBOUND.format(bounds=bounds))
    assert "it compares a day with the moment $as_of" in message
    assert "Compare it with $as_of_day." in message


def test_check_looks_at_the_formats_as_well(broken):
    message = broken("-- titel: A till\n--\nselect 1\n", "sources/till.sql")
    assert "line 1: unknown header 'titel'. Did you mean 'title'?" in message


def test_check_names_a_damaged_event_file(shop, tmp_path):
    copy = tmp_path / "data"
    shutil.copytree(shop.data, copy)
    stored = next(copy.glob("events/*/*.parquet"))
    stored.write_bytes(stored.read_bytes()[:-5])
    done = shop("check", JOURNEY_DATA=str(copy))
    assert done.returncode == 1
    assert f"{stored}: not a readable Parquet file" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_metric_dropped_in_is_listed_and_answers(shop, tmp_path):
    queries = tmp_path / "queries"
    shutil.copytree(ROOT / "queries", queries)
    (queries / "decision" / "mine.sql").write_text(GOOD.replace("Conversion", "My own"))
    asked = ("run", "mine", *PERIOD, "--format", "json")
    done = shop(*asked, JOURNEY_QUERIES=str(queries))
    assert json.loads(done.stdout)["total"]["whole"] == 20


# the rest


def test_a_command_is_needed_and_help_lists_them(prompt):
    assert prompt().returncode == 2
    helped = prompt("--help").stdout
    for command in ("demo", "ingest", "build", "serve", "run", "metrics", "check"):
        assert command in helped


def test_the_demo_is_one_command(prompt):
    done = prompt("demo", "--people", "60", "--seed", "3")
    assert done.returncode == 0, done.stderr
    assert "rows read = " in done.stdout
    assert json.loads((prompt.data / "demo" / "truth.json").read_text())
    assert "nothing was built yet" in prompt.error("truth")
    assert prompt("build").returncode == 0
    told = prompt("truth").stdout
    assert "planted parts" in told
    assert "orders lost (mobile" in told
    answer = json.loads(prompt("truth", "--format", "json").stdout)
    assert answer["others"] == []
    part = answer["parts"][0]
    assert (part["effect"], part["what"], part["verdict"]) == ("incident", "orders lost", "missed")


def test_what_is_no_demo_has_no_truth(shop):
    assert "this is no demo" in shop.error("truth")


# changes


def test_changes_splits_a_rate(shop):
    frame = ("--since", "2026-01-11", "--until", "2026-01-21", "--as-of", "2026-06-01")
    done = shop("changes", "conversion_rate", *frame, "--by", "channel", "--format", "json")
    answer = json.loads(done.stdout)
    assert answer["before"] == ["2026-01-01", "2026-01-11"]
    assert answer["mix"] + answer["rate"] == pytest.approx(answer["change"])
    assert {row["group"] for row in answer["rows"]} == {"Email", "Social"}
    assert "points" in shop("changes", "conversion_rate", *frame).stdout
    assert "no rate" in shop.error("changes", "time_to_purchase", *frame)


# reconcile


def test_reconcile_tells_two_numbers_apart(shop):
    frame = ("--since", "2026-01-01", "--until", "2026-01-21", "--as-of", "2026-02-10")
    pair = ("conversion_rate:converted", "orders_by_number")
    answer = json.loads(shop("reconcile", *pair, *frame, "--format", "json").stdout)
    assert sum(step["difference"] for step in answer["steps"]) == answer["difference"]
    assert answer["last"]["value"] - answer["first"]["value"] == answer["difference"]
    assert {"events", "maturity"} <= set(answer["differing"])
    rows = list(
        csv.DictReader(io.StringIO(shop("reconcile", *pair, *frame, "--format", "csv").stdout))
    )
    assert len(rows) == len(answer["steps"]) + 2
    assert "They agree in" in shop("reconcile", *pair, *frame).stdout
    assert "Did you mean" in shop.error("reconcile", "conversion_rat", "nps", *frame)


def test_reconcile_holds_a_number_against_itself_in_another_frame(shop):
    frame = ("--since", "2026-01-01", "--until", "2026-01-21", "--as-of", "2026-06-01")
    other = ("--other-until", "2026-01-11", "--other-where", "everyone", "--format", "json")
    asked = ("reconcile", "journeys_by_channel", *frame, "--where", "channel=Email")
    answer = json.loads(shop(*asked, *other).stdout)
    assert [step["properties"] for step in answer["steps"]] == [["period"], ["filter"]]
    assert answer["last"]["properties"]["filter"] == "everyone"


def test_check_finds_a_declaration_that_is_not_what_the_sql_counts(shop):
    path = shop.queries / "loyalty" / "orders_by_number.sql"
    text = path.read_text()
    try:
        path.write_text(text.replace("count of order, per order", "count of journey, per journey"))
        done = shop("check")
        assert done.returncode == 1
        assert "what `counts` declares comes to 20.0, the SQL to 5.0" in done.stdout + done.stderr
    finally:
        path.write_text(text)


def test_metrics_say_what_they_count(shop):
    told = shop("metrics", "--counts").stdout
    assert "stage_funnel:purchase" in told
    assert "(not declared)" in told


# what-if


def test_what_if_asks_for_one_change_that_can_be(shop):
    assert "too few to say" in shop.error("what-if", "--as-of", "2026-06-01")
    assert "One change at a time" in shop.error("what-if", "--without", "Email", "--faster", "1")
    assert "no number of points" in shop.error("what-if", "--step", "checkout", "order", "two")
    assert "no place 'chekout'" in shop.error(
        "what-if", "--step", "chekout", "order", "2", "--as-of", "2026-06-01"
    )


def test_build_says_how_many_events_wait_for_their_day(prompt):
    rows = "e1,seen,2026-01-05,ana,,,,\ne2,seen,9998-01-05,ana,,,,\n"
    prompt("ingest", prompt.file(HEADER + rows), "--as", "events")
    told = prompt("build").stdout
    assert "2 events" in told
    assert "\n1 of them is dated in the future and in no number until then." in told
    prompt("ingest", prompt.file(HEADER + "e3,seen,9999-01-05,ana,,,,\n"), "--as", "events")
    assert "2 of them are dated in the future" in prompt("build").stdout


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ("--since 1900-01-01 --until 1900-02-01", "No day from 1900-01-01 to 1900-02-01 has data"),
        ("--since 2026-01-01 --until 2026-02-01 --as-of 2020-01-01", "As of 2020-01-01, nothing"),
        ("--since 2026-01-10 --until 2026-02-01", "can count from 2026-02-09 on"),
    ],
)
def test_an_empty_answer_says_why(shop, days, told):
    done = shop("run", "conversion_rate", *days.split())
    assert done.returncode == 0
    assert told in done.stderr
    assert "data covers 2026-01-01 to 2026-01-20." in done.stderr
    for form in ("csv", "json"):
        assert shop("run", "conversion_rate", *days.split(), "--format", form).stderr == ""
    assert shop("run", "conversion_rate", *PERIOD).stderr == ""


def test_the_option_that_names_no_model_is_named(shop):
    told = shop.error("attribution", "--model", "all", "--baseline", "all")
    assert told.startswith("journey: --baseline all: what all models are held against")
    assert "Choose one of first, last," in told


@pytest.mark.parametrize(
    ("table", "line"),
    [("targets", "conversion_rat = 0.5"), ("kpis", "decision = ['conversion_rat']")],
)
def test_what_is_no_metric_is_said_of_the_file_that_names_it(shop, table, line):
    config = shop.root / "mine.toml"
    config.write_text(f'template = "retail"\n[{table}]\n{line}\n')
    told = shop.error("check", JOURNEY_CONFIG=str(config))
    assert f"{config}: [{table}] names 'conversion_rat', which is no metric. Did you mean" in told
