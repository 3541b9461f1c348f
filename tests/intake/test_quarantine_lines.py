"""The line in quarantine is where an editor shows the row."""

import gzip
import random

import pytest


def test_after_broken_rows_empty_lines_and_line_breaks(shop):
    text = (
        "\n\n"
        "touchpoint,occurred_at,customer_id,note\n"  # 3
        "seen,never,a,\n"  # 4
        '"broken,1\n'  # 5 to the end of 6
        'row"\n'
        "\n"
        'seen,2026-01-05,b,"one\n'  # 8
        "\n"
        'three"\n'
        "seen,never,c,\n"  # 11
        'seen,never,"d\n'  # 12
        'd",\n'
        "seen,2026-01-05\n"  # 14
        "\n"
        'seen,never,"e ""quoted"" ",5" nail\n'  # 16
        "seen,never,f,\n"  # 17
    )
    report = shop.take(shop.file(text))
    assert report.rejected == {"unreadable time": 5, "broken row": 2}
    found = [(reason, line) for reason, line, _ in shop.quarantine()]
    assert found == [
        ("unreadable time", 4),
        ("broken row", 5),
        ("unreadable time", 11),
        ("unreadable time", 12),
        ("broken row", 14),
        ("unreadable time", 16),
        ("unreadable time", 17),
    ]


@pytest.mark.parametrize("packed", [False, True])
def test_in_a_file_of_many_blocks(shop, packed):
    rng = random.Random(5)
    lines, expected, number = ["touchpoint,occurred_at,customer_id,note"], [], 2
    for row in range(60_000):
        kind = rng.random()
        if kind < 0.001:
            lines.append(f"seen,broken {row}")
            expected.append(("broken row", number))
        elif kind < 0.002:
            lines.append(f"seen,never,c{row},")
            expected.append(("unreadable time", number))
        elif kind < 0.003:
            lines.append("")
        elif kind < 0.01:
            lines.append(f'seen,2026-01-05,c{row},"one\ntwo\nthree\n"')
            number += 3
        else:
            lines.append(f"seen,2026-01-05,c{row},{'x' * 300}")
        number += 1
    text = ("\n".join(lines) + "\n").encode()
    path = shop.file(gzip.compress(text, 1), "a.csv.gz") if packed else shop.file(text, "a.csv")
    shop.take(path)
    assert [(reason, line) for reason, line, _ in shop.quarantine()] == expected


def test_every_file_has_its_own_lines(shop):
    head = "touchpoint,occurred_at,customer_id\n"
    first = shop.file(head + "seen,never,a\n", "a.csv")
    second = shop.file(head + "\n\nseen,never,b\n", "b.csv")
    shop.take(first, second)
    assert [line for _, line, _ in shop.quarantine()] == [2, 4]


def test_an_invoice_is_found_at_its_first_line(shop):
    head = "InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
    lines = "1,a,1,2011-01-01,2.5,17,UK\n\n2,b,1,2011-01-02,1,18,UK\n2,c,one,2011-01-02,1,18,UK\n"
    report = shop.take(shop.file(head + lines), form="uci_online_retail")
    assert (report.lines, report.read, report.accepted) == (3, 2, 1)
    ((reason, line, row),) = shop.quarantine()
    assert (reason, line) == ("unreadable number: revenue", 4)
    assert "one x 1" in row
