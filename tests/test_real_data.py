"""Public data sets whose answers are known, through the command line.

The data are not part of the repository. They are looked for in shared/data beside the checkout,
or where JOURNEY_SHARED_DATA says.
"""

import json
import os
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.prompt import journey

ROOT = Path(__file__).parent.parent
DATA = Path(os.environ.get("JOURNEY_SHARED_DATA") or ROOT.parent / "shared" / "data")
ORDERS = "olist_orders_sample_3k/olist_"


RETAIL = 'template = "retail"\n'

B2B = 'template = "b2b"\nobserved_until = 2020-06-01\n'
"""With the last lead's 540 days over, though no deal came in so late."""


class Company:
    """A data folder that is only spoken to by commands, and looked at with SQL."""

    def __init__(self, root: Path, config: str) -> None:
        self.folder = root / "data"
        self.config = root / "journey.toml"
        self.config.write_text(config)

    def command(self, *arguments: str) -> str:
        """What a command prints; it must end well."""
        done = journey("--data", self.folder, "--config", self.config, *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def ingest(self, form: str, *files: str) -> dict[str, Any]:
        """The report of an ingest, after which the tables are built."""
        given = []
        for file in files:
            name, _, path = file.rpartition("=")
            if not (DATA / path).exists():
                pytest.skip(f"{DATA / path} is not here (set JOURNEY_SHARED_DATA)")
            given.append(f"{name}={DATA / path}" if name else str(DATA / path))
        report = json.loads(self.command("ingest", *given, "--as", form, "--format", "json"))
        rejected = sum(report["rejected"].values())
        assert report["read"] == report["accepted"] + report["duplicate"] + rejected
        again = json.loads(self.command("ingest", *given, "--as", form, "--format", "json"))
        assert (again["read"], again["duplicate"]) == (report["read"], report["accepted"])
        self.command("build")
        assert self.command("check").startswith("All is well")
        return report

    def run(self, metric: str, since: str, until: str) -> dict[str, Any]:
        """A metric's answer."""
        asked = ["run", metric, "--since", since, "--until", until, "--format", "json"]
        return json.loads(self.command(*asked))

    def look(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of the serving tables and of `events`."""
        current = (self.folder / "marts" / "current").read_text().strip()
        with duckdb.connect() as connection:
            connection.execute(
                f"attach '{self.folder}/marts/{current}.duckdb' as marts (read_only)"
            )
            files = f"{self.folder}/events/*/*.parquet"
            connection.execute(f"create view events as from read_parquet('{files}')")
            connection.execute("set search_path = 'marts.main,memory.main'")
            return connection.sql(sql).fetchall()


@pytest.fixture(scope="module")
def sellers(tmp_path_factory):
    """The Olist marketing funnel."""
    company = Company(tmp_path_factory.mktemp("sellers"), B2B)
    folder = "olist_marketing_funnel/olist_"
    files = f"{folder}marketing_qualified_leads_dataset.csv", f"{folder}closed_deals_dataset.csv"
    return company, company.ingest("olist_marketing_funnel", *files)


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    """CDNOW, all customers."""
    company = Company(tmp_path_factory.mktemp("records"), RETAIL)
    return company, company.ingest("cdnow", "cdnow/CDNOW_master.txt")


@pytest.fixture(scope="module")
def gifts(tmp_path_factory):
    """UCI Online Retail."""
    company = Company(tmp_path_factory.mktemp("gifts"), RETAIL)
    return company, company.ingest("uci_online_retail", "uci_online_retail/online_retail.parquet")


@pytest.fixture(scope="module")
def airport(tmp_path_factory):
    """The SFO customer survey of 2017."""
    company = Company(tmp_path_factory.mktemp("airport"), RETAIL)
    file = "sfo_customer_survey_2017/2017_SFO_Customer_Survey.csv"
    return company, company.ingest("sfo_customer_survey", file)


@pytest.fixture(scope="module")
def marketplace(tmp_path_factory):
    """A sample of the Olist orders."""
    company = Company(tmp_path_factory.mktemp("marketplace"), RETAIL)
    names = "orders", "customers", "order_payments", "order_items", "order_reviews"
    files = [f"{ORDERS}{name}_dataset.csv" for name in names]
    return company, company.ingest("olist_orders", *files)


@pytest.fixture(scope="module")
def permits(tmp_path_factory):
    """The receipt log; a gap of 540 days keeps every application in one journey."""
    company = Company(tmp_path_factory.mktemp("permits"), B2B)
    return company, company.ingest("receipt_log", "receipt_log/receipt.csv")


@pytest.fixture(scope="module")
def mailing(tmp_path_factory):
    """Hillstrom's e-mail test, whose outcomes are those of two weeks."""
    config = RETAIL + "observed_until = 2008-03-01\n[journey]\nconversion_window_days = 14\n"
    company = Company(tmp_path_factory.mktemp("mailing"), config)
    return company, company.ingest("hillstrom_email", "hillstrom_email/hillstrom.csv")


def test_olist_leads_and_deals(sellers):
    company, report = sellers
    assert (report["read"], report["accepted"]) == (8_842, 8_842)
    assert report["unmapped"] == {}
    assert company.look("select count(*), sum(orders)::int from people") == [(8_000, 842)]
    assert company.look("select count(*) from journeys where not is_orphan") == [(8_000,)]


def test_olist_conversion(sellers):
    company, _ = sellers
    total = company.run("conversion_rate", "2017-06-01", "2018-06-01")["total"]
    assert (total["part"], total["whole"]) == (842, 8_000)
    assert total["value"] == pytest.approx(0.10525)
    assert total["low"] < 0.1053 < total["high"]


ORIGINS = {
    "organic_search": (2_296, 11.80),
    "paid_search": (1_586, 12.30),
    "social": (1_350, 5.56),
    "unknown": (1_099, 16.29),
    "direct_traffic": (499, 11.22),
    "email": (493, 3.04),
    "referral": (284, 8.45),
    "Unassigned": (60, 23.33),
}
"""Leads and the share of them won; both kinds of missing origin are there."""


@pytest.mark.parametrize("origin", ORIGINS)
def test_olist_conversion_by_origin(sellers, origin):
    company, _ = sellers
    rows = company.run("channel_sources", "2017-06-01", "2018-06-01")["rows"]
    (row,) = (row for row in rows if row["channel"] == origin)
    leads, share = ORIGINS[origin]
    assert row["journeys"] == leads
    assert round(100 * row["orders"] / row["journeys"], 2) == share


@pytest.mark.parametrize("origin", ORIGINS)
def test_olist_funnel_by_origin(sellers, origin):
    company, _ = sellers
    words = ["funnel", "--steps", "lead_captured", "deal_won", "--where", f"channel={origin}"]
    leads, deals = json.loads(company.command(*words, "--format", "json"))["steps"]
    assert leads["count"] == ORIGINS[origin][0]
    assert round(100 * deals["overall"], 2) == ORIGINS[origin][1]
    low, high = deals["overall_interval"]
    assert low < deals["overall"] < high


def test_olist_attribution_agrees_whatever_the_model(sellers):
    """One contact a lead: every rule, Markov and Shapley give each origin the deals it won."""
    company, _ = sellers
    words = ["attribution", "--model", "all", "--with-nulls", "--lookback", "person"]
    found = json.loads(company.command(*words, "--format", "json"))
    assert (found["total"], found["nulls"]) == (842, 8_000 - 842)
    told = [row for row in found["channels"] if row["channel"] in ORIGINS]
    assert len(told) == len(ORIGINS)
    for row in told:
        leads, share = ORIGINS[row["channel"]]
        for model in found["compared"]:
            assert round(100 * row["credits"][model] / leads, 2) == share, model
    assert sum(row["credits"]["markov"] for row in found["channels"]) == pytest.approx(842)
    assert {row["verdict"] for row in found["channels"]} <= {"no clear difference", "too few"}


def test_olist_time_to_close(sellers):
    company, _ = sellers
    days = "floor(extract(epoch from purchase_at - started_at) / 86400)"
    ((middle, social),) = company.look(
        f"select median({days}), avg({days}) filter (where entry_channel = 'social') "
        "from journeys where purchase_at is not null"
    )
    assert middle == 14
    assert round(social) == 61


def test_olist_deal_won_before_its_first_contact(sellers):
    company, report = sellers
    assert report["corrected"] == {"won before its first contact": 1}
    moved = "properties ->> '$.first_contact_sent'"
    ((person, sent, at),) = company.look(
        f"select person_id, ({moved})::timestamp, occurred_at from events where {moved} is not null"
    )
    assert sent > at
    found = company.look(f"select touches, deepest from journeys where person_id = '{person}'")
    assert found == [(2, 4)]


def test_cdnow(records):
    company, report = records
    assert (report["read"], report["accepted"]) == (69_659, 69_659)
    assert company.look("select count(*) from orders") == [(69_659,)]
    buyers, repeat = company.look("select count(*), count(*) filter (orders > 1) from people")[0]
    assert buyers == 23_570
    assert round(100 * repeat / buyers, 2) == 49.48


def test_cdnow_sample_is_part_of_the_master(tmp_path):
    company = Company(tmp_path, RETAIL)
    report = company.ingest("cdnow", "cdnow/CDNOW_sample.txt")
    assert report["accepted"] == 6_919
    assert company.look("select count(*) from people") == [(2_357,)]


def test_online_retail(gifts):
    company, report = gifts
    assert (report["lines"], report["read"], report["accepted"]) == (541_909, 25_900, 25_900)
    ((invoices, customers, revenue),) = company.look(
        "select count(distinct order_id), count(distinct customer_id), sum(revenue) from events"
    )
    assert (invoices, customers, round(float(revenue), 2)) == (25_900, 4_372, 9_747_747.93)


def test_online_retail_repeat_share(gifts):
    company, _ = gifts
    ((buyers, repeat),) = company.look(
        "select count(*) filter (orders > 0), count(*) filter (orders > 1) "
        "from people where is_identified"
    )
    assert (buyers, repeat) == (4_338, 2_845)
    assert round(100 * repeat / buyers, 2) == 65.58


def test_online_retail_money_is_the_same_in_every_table(gifts):
    company, _ = gifts
    sums = [company.look(f"select sum({column}) from {table}")[0][0] for column, table in MONEY]
    assert {round(float(money), 2) for money in sums} == {9_747_747.93}


MONEY = [
    ("revenue", "events"),
    ("amount", "payments"),
    ("revenue", "journeys"),
    ("revenue", "daily"),
]


def test_online_retail_what_is_no_order(gifts):
    company, report = gifts
    assert report["unmapped"] == {"stock_adjusted": 2_098, "free_items_sent": 4}
    counted = company.look("select touchpoint, count(*) from touches group by all order by all")
    assert counted == [
        ("free_items_sent", 4),
        ("order_completed", 19_959),
        ("order_refunded", 3_839),
        ("stock_adjusted", 2_098),
    ]
    stock = company.look("select touches, journeys from people where person_id = 'stock'")
    assert stock == [(2_098, 1)]


def test_olist_orders(marketplace):
    company, report = marketplace
    assert report["rejected"] == {}
    assert report["corrected"] == {"shipped before it was bought": 5}
    assert company.look("select count(*) from orders") == [(3_000,)]
    assert company.look("select count(distinct customer_id) from events") == [(2_995,)]
    ((responses, mean),) = company.look("select count(*), avg(score) from responses")
    assert (responses, round(mean, 3)) == (2_993, 4.070)


def test_olist_late_delivery_costs_satisfaction(marketplace):
    company, _ = marketplace
    ((late, on_time),) = company.look(
        """
        select avg(score) filter (late_days > 0), avg(score) filter (late_days <= 0)
        from (select order_id, score from events where score is not null)
        join (
            select order_id, (properties ->> '$.late_days')::int as late_days
            from events where touchpoint = 'order_delivered'
        ) using (order_id)
        """
    )
    assert 1.2 < on_time - late < 2.3


def test_olist_reviews_as_the_satisfaction_metric(marketplace):
    company, _ = marketplace
    total = company.run("csat", "2016-01-01", "2019-01-01")["total"]
    satisfied = company.look("select count(*) from responses where score >= 4")[0][0]
    assert (total["part"], total["whole"]) == (satisfied, 2_993)
    assert total["low"] < total["value"] < total["high"]


def test_receipt_log(permits):
    company, report = permits
    assert (report["read"], report["accepted"]) == (8_577, 8_577)
    assert len(report["unmapped"]) == 27
    assert company.look("select count(*), sum(journeys)::int from people") == [(1_434, 1_434)]
    first = company.look("select min(occurred_at)::varchar from touches")
    assert first == [("2010-10-02 07:20:39.266",)], "in UTC, two hours before the local time"


def test_receipt_log_channels(permits):
    company, _ = permits
    rows = company.run("channel_sources", "2010-10-01", "2012-02-01")["rows"]
    found = {row["channel"]: row["journeys"] for row in rows}
    assert found == {"Internet": 1_250, "Desk": 109, "Post": 53, "e-mail": 21, "Intern": 1}


def test_receipt_log_variants(permits):
    company, _ = permits
    variants = """
        select count(distinct steps)
        from (
            select string_agg(touchpoint, ' ' order by touch_number) as steps
            from touches group by person_id, journey_number
        )
    """
    assert company.look(variants) == [(116,)]


def test_receipt_log_ways(permits):
    company, _ = permits
    answer = company.run("variants", "2010-01-01", "2013-01-01")
    rows = answer["rows"]
    assert len(rows) == 116
    assert sum(row["journeys"] for row in rows) == 1_434
    assert all((row["all_ways"], row["all_journeys"]) == (116, 1_434) for row in rows)
    assert sum(row["touches"] * row["journeys"] for row in rows) == 8_577
    ((common, count),) = company.look(
        """
        select way, count(*) as applications
        from (
            select string_agg(touchpoint, ' > ' order by occurred_at, event_index) as way
            from events
            group by person_id
        )
        group by way
        order by applications desc
        limit 1
        """
    )
    assert (rows[0]["way"], rows[0]["journeys"]) == (common, count)


def test_airport_interviews(airport):
    company, report = airport
    assert (report["read"], report["accepted"]) == (2 * 2_831, 2 * 2_831)
    assert report["corrected"] == {
        "NETPRO 11 is not a score": 84,
        "NETPRO is blank": 1,
        "Q7ALL is blank": 143,
    }
    assert company.look("select count(*) from people") == [(2_831,)]


def test_airport_recommendation(airport):
    """Code 11 is no score: counted as a promoter it would give 41.63."""
    company, _ = airport
    total = company.run("nps_relational", "2017-05-01", "2017-06-01")["total"]
    assert total["whole"] == 2_746
    assert round(total["value"], 2) == 39.84


def test_airport_satisfaction(airport):
    company, _ = airport
    total = company.run("csat", "2017-05-01", "2017-06-01")["total"]
    assert round(100 * total["value"], 2) == 82.07
    assert (
        round(company.look("select avg(score) from responses where survey = 'csat'")[0][0], 3)
        == 4.064
    )


def test_olist_reviews_as_scores(marketplace):
    company, _ = marketplace
    asked = ["experience", "scores", "--by", "stage", "--method", "mean", "--format", "json"]
    told = json.loads(company.command(*asked))
    whole = told["rows"][-1]
    assert (whole["answers"], round(whole["value"], 3)) == (2_993, 4.070)
    assert told["scale"] == [1, 5]


@pytest.mark.parametrize(
    ("goal", "rates"),
    [
        ("page_viewed", {"mens": 18.28, "womens": 15.14, "none": 10.62}),
        ("order_completed", {"mens": 1.25, "womens": 0.88, "none": 0.57}),
    ],
)
def test_hillstroms_experiment(mailing, goal, rates):
    """Both e-mails bring visits and orders: better, more than chance would explain."""
    company, report = mailing
    assert report["read"] == report["accepted"]
    found = json.loads(
        company.command("experiments", "hillstrom", "--goal", goal, "--format", "json")
    )
    assert (found["assigned"], found["immature"], found["control"]) == (64_000, 0, "none")
    assert found["sample_ratio"]["holds"]
    assert {arm["arm"]: round(arm["rate"], 2) for arm in found["arms"]} == rates
    assert {arm["arm"]: arm["assigned"] for arm in found["arms"]} == {
        "mens": 21_307, "womens": 21_387, "none": 21_306,
    }  # fmt: skip
    for arm in found["arms"]:
        if arm["arm"] != "none":
            assert arm["verdict"] == "better"
            lift = rates[arm["arm"]] - rates["none"]
            assert arm["lift_points"] == pytest.approx(lift, abs=0.011)
            assert arm["always_valid_points_low"] < arm["lift_points_low"]
            assert goal != "page_viewed" or arm["always_valid_points_low"] > 0


def test_hillstroms_spend(mailing):
    """What the file says each customer spent, by arm, as revenue a person."""
    company, _ = mailing
    found = json.loads(company.command("experiments", "hillstrom", "--format", "json"))
    with duckdb.connect() as connection:
        rows = connection.sql(
            f"select segment, avg(spend), avg(visit) from '{DATA}/hillstrom_email/hillstrom.csv' "
            "group by all"
        ).fetchall()
    names = {"Mens E-Mail": "mens", "Womens E-Mail": "womens", "No E-Mail": "none"}
    spent = {names[segment]: (money, visits) for segment, money, visits in rows}
    for arm in found["arms"]:
        told = arm["revenue_per_person"], arm["visits_per_person"]
        assert told == pytest.approx(spent[arm["arm"]])
