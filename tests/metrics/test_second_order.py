"""Who orders again by what they bought first, by hand."""

from tests.world import Ask, day


def test_the_five_commonest_products_stand_alone(answer: Ask) -> None:
    rows = answer(
        "retention/second_order_by_product",
        ada="order_completed@0,product_id=A order_completed@10,product_id=Z",
        ann="order_completed@0,product_id=A",
        bea="order_completed@0,product_id=B order_completed@0.5",
        cem="order_completed@0,product_id=C",
        dan="order_completed@0,product_id=D",
        eva="order_completed@0,product_id=E",
        fay="order_completed@1,product_id=F order_completed@6",
        gil="order_completed@1,product_id=G",
        hal="order_completed@1 order_completed@4",
        ida="order_completed@-5,product_id=A order_completed@2,product_id=A",
    ).rows()
    assert rows == [
        ("A", 11, 1, 2),  # ida's first order came before the period
        ("B", 1, 1, 1),
        ("Other", 6, 1, 2),
        ("Unknown", 4, 1, 1),
    ]


def test_who_is_not_watched_so_long_counts_as_long_as_that(answer: Ask) -> None:
    rows = answer(
        "retention/second_order_by_product",
        ada="order_completed@0,product_id=A order_completed@10",
        ann="order_completed@360,product_id=A order_completed@363",
        bea="order_completed@360,product_id=A order_completed@700",
        asked={"as_of": day(365).date()},
    ).rows()
    # bea was watched for five days by then, and had not ordered again.
    assert rows == [("A", 4, 1, 3), ("A", 11, 1, 1)]
