"""JSONL: one object a line."""

import gzip
import json

SEEN = {"touchpoint": "seen", "occurred_at": "2026-01-05T10:00:00Z", "customer_id": "ana"}


def test_values_keep_their_kind(shop):
    beyond = {"n": 3, "x": 1.5, "yes": True, "text": "3", "deep": {"list": [1, "two", None]}}
    shop.take(shop.objects(SEEN | beyond))
    assert shop.values("properties") == [beyond]


def test_a_key_of_mixed_kinds_keeps_each(shop):
    days = ["2026-01-05", "2026-01-06", "2026-01-07"]
    objects = [
        SEEN | {"occurred_at": day, "size": size}
        for day, size in zip(days, [1, "one", {"a": 1}], strict=True)
    ]
    shop.take(shop.objects(*objects))
    assert shop.values("properties") == [{"size": 1}, {"size": "one"}, {"size": {"a": 1}}]


def test_a_key_may_be_a_number_in_one_file_and_text_in_another(shop):
    other = SEEN | {"occurred_at": "2026-01-06", "size": "large"}
    csv = shop.file("touchpoint,occurred_at,customer_id,size\nseen,2026-01-07,ben,small\n")
    first, second = shop.objects(SEEN | {"size": 1}), shop.objects(other, name="b.jsonl")
    shop.take(first, second, csv)
    assert [row["size"] for row in shop.values("properties")] == [1, "large", "small"]


def test_contract_columns_may_be_numbers(shop):
    shop.take(shop.objects(SEEN | {"customer_id": 17, "revenue": 2.5, "quantity": 2, "score": 4}))
    (event,) = shop.events()
    assert (event["customer_id"], event["person_id"]) == ("17", "17")
    assert (float(event["revenue"]), event["quantity"], event["score"]) == (2.5, 2, 4)


def test_properties_are_joined_by_the_keys_beyond_the_contract(shop):
    shop.take(shop.objects(SEEN | {"properties": {"about": "delivery", "n": 1}, "n": 2, "m": None}))
    assert shop.values("properties") == [{"about": "delivery", "n": 2}]


def test_properties_that_are_no_object_are_kept_under_their_name(shop):
    for number, sent in enumerate(["free text", 7, [1, 2], "{broken"]):
        at = f"2026-01-0{number + 1}"
        row = SEEN | {"occurred_at": at, "properties": sent}
        shop.take(shop.objects(row, name=f"{number}.jsonl"))
    found = [row["properties"] for row in shop.values("properties")]
    assert found == ["free text", "7", "[1,2]", "{broken"]


def test_lines_that_are_no_objects_are_kept_whole(shop):
    report = shop.take(shop.objects(SEEN, "[1]", "", "{'single': 1}", SEEN | {"occurred_at": 5}))
    assert report.read == 4
    assert report.rejected == {"not a JSON object": 2, "unreadable time": 1}
    assert [(reason, line) for reason, line, _ in shop.quarantine()] == [
        ("not a JSON object", 2),
        ("not a JSON object", 4),
        ("unreadable time", 5),
    ]
    assert [row for _, _, row in shop.quarantine()][:2] == ["[1]", "{'single': 1}"]


def test_keys_with_odd_characters(shop):
    odd = {"a/b": 1, "c~d": 2, 'quo"te': 3, "it's": 4, "sp ace": 5, "ключ": 6, "$x": 7, "a.b": 8}
    shop.take(shop.objects(SEEN | odd))
    assert shop.values("properties") == [odd]


def test_a_key_that_is_empty_is_kept(shop):
    shop.take(shop.objects(SEEN | {"": "nameless"}))
    assert shop.values("properties") == [{"_": "nameless"}]


def test_keys_that_differ_only_in_case_are_one(shop):
    later = {key: value for key, value in SEEN.items() if key != "customer_id"}
    later |= {"Customer_ID": "ben", "occurred_at": "2026-01-06"}
    shop.take(shop.objects(SEEN, later))
    assert shop.values("customer_id") == ["ana", "ben"]


def test_a_key_twice_in_an_object_counts_once(shop):
    line = json.dumps(SEEN)[:-1] + ', "n": 1, "n": 2}'
    shop.take(shop.objects(line))
    assert shop.values("properties") == [{"n": 1}]


def test_a_mark_at_the_start_and_a_gzipped_file(shop):
    shop.take(shop.file("\ufeff" + json.dumps(SEEN) + "\r\n", "a.ndjson"))
    packed = gzip.compress(json.dumps(SEEN | {"customer_id": "ben"}).encode())
    shop.take(shop.file(packed, "b.jsonl.gz"))
    assert shop.values("customer_id") == ["ana", "ben"]


def test_what_json_cannot_hold_is_nothing(shop):
    line = json.dumps(SEEN)[:-1] + ', "n": NaN, "deep": {"x": [-Infinity, "NaN"]}}'
    shop.take(shop.objects(line))
    assert shop.values("properties") == [{"deep": {"x": [None, "NaN"]}}]


def test_other_formats_read_jsonl_too(shop):
    lead = {"mql_id": "a", "first_contact_date": "2018-01-01", "origin": "social"}
    leads = shop.objects(lead | {"landing_page_id": 5})
    deal = {"mql_id": "a", "won_date": "2018-02-01", "business_segment": "pets"}
    deals = shop.objects(deal | {"lead_type": None, "declared_monthly_revenue": 0}, name="d.jsonl")
    assert shop.take(leads, deals, form="olist_marketing_funnel").accepted == 2
    assert shop.values("channel") == ["social", None]
