"""Masking: what identifies a person does not get through, what does not is left alone."""

import re

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from journey.comments.masking import MASKS, mask, mask_one

MASKED = {
    "Please call me on +49 170 5550123.": "Please call me on [phone].",
    "You can reach me at sam.miller7@example.com.": "You can reach me at [e-mail].",
    "write to sam (at) example.com": "write to [e-mail]",
    "It is about order O-0000042.": "It is about order [number].",
    "order #A-77, again": "order #[number], again",
    "Bestellnummer 4711-B kam nie an": "Bestellnummer [number] kam nie an",
    "pedido nº 998877 não chegou": "pedido nº [number] não chegou",
    "My card 4111 1111 1111 0042 was charged twice.": "My card [card] was charged twice.",
    "IBAN DE89 3704 0044 0532 0130 00 bitte": "IBAN [account] bitte",
    "meu CPF 123.456.789-09": "meu CPF [phone]",
    "see https://shop.example/x?id=3&u=sam now": "see [link] now",
    "lannister.com.br is slow": "[link] is slow",
    "ask @sam_miller": "ask [handle]",
    "My name is sam and I waited": "My name is [name] and I waited",
    "Ich heiße Annegret Müller-Lüdenscheidt.": "Ich heiße [name].",
    "Frau Özdemir war sehr nett": "Frau [name] war sehr nett",
    "Kind regards, Sam Miller": "Kind regards, [name]",
    "Thanks to Maria da Silva!": "Thanks to [name]!",
    "Me llamo José Pérez y no recibí nada": "Me llamo [name] y no recibí nada",
    "Je m'appelle Zinédine": "Je m'appelle [name]",
    "Atenciosamente, Wanderleia": "Atenciosamente, [name]",
    "left at 12 Baker Street.": "left at [address]",
    "Geliefert wurde in die Hauptstraße 12a": "Geliefert wurde in die [address]",
    "Rua das Flores, 123 - não chegou": "[address] - não chegou",
    "parcel JD0146000000123 lost": "parcel [account] lost",
}


@pytest.mark.parametrize(("said", "shown"), MASKED.items())
def test_what_tells_who_wrote_it_is_masked(said: str, shown: str) -> None:
    assert mask(pl.Series([said])).to_list() == [shown]


KEPT = [
    "Delivered on 12/03/2026, promised for 2026-03-01",
    "It cost € 1.299,00 and the other one 49,90 €",
    "Nota 10! Comprei 2 e recebi 1",
    "24/7 support, 5 stars, 100 %",
    "I will mark it down. Hope is lost. A rose by any name",
    "Die Lieferung kam viel zu spät. Das Paket war offen.",
    "NEVER AGAIN! WORST SHOP",
    "<script>alert(1)</script> {{7*7}} $\\frac{1}{0}$",
    "",
]


@pytest.mark.parametrize("said", KEPT)
def test_what_tells_nobody_is_left_alone(said: str) -> None:
    assert mask(pl.Series([said])).to_list() == [said]


def test_null_stays_null_and_a_very_long_comment_is_cut() -> None:
    short, none, long = mask(pl.Series(["fine", None, "word " * 10_000]))
    assert (short, none) == ("fine", None)
    assert len(long) < 25_000
    assert long.endswith("…")


WORDS = st.sampled_from(["call", "Paket", "é", "nota", "not", "(", "«", "🙂", "was late,", "-", ""])
DIGITS = st.text("0123456789", min_size=5, max_size=19)
SEPARATED = st.builds(
    lambda digits, sign, every: sign.join(re.findall(f".{{1,{every}}}", digits)),
    DIGITS,
    st.sampled_from(["", " ", "-", ".", "/", " - "]),
    st.integers(2, 4),
)
MONEY_OR_DAY = re.compile(r"\d{1,3}([.,]\d{3})+|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d\d-\d\d")


@given(st.lists(WORDS, max_size=4), SEPARATED, st.lists(WORDS, max_size=4))
def test_no_long_number_gets_through(before: list[str], number: str, after: list[str]) -> None:
    shown = mask_one(" ".join([*before, number, *after]))
    left = MONEY_OR_DAY.sub("", shown)
    assert sum(sign.isdigit() for sign in left) < 5


LOCAL = st.from_regex(r"[a-z][a-z0-9._+-]{0,20}[a-z0-9]", fullmatch=True)
DOMAIN = st.from_regex(r"[a-z][a-z0-9-]{0,12}[a-z0-9]\.(com|de|org|co\.uk|io)", fullmatch=True)


@given(st.lists(WORDS, max_size=4), LOCAL, DOMAIN, st.lists(WORDS, max_size=4))
def test_no_address_gets_through(
    before: list[str], local: str, domain: str, after: list[str]
) -> None:
    shown = mask_one(" ".join([*before, f"{local}@{domain}", *after]))
    assert "@" not in shown
    assert domain not in shown
    assert local not in shown or local in " ".join([*before, *after, *MASKS])


@given(st.lists(WORDS, max_size=4), DOMAIN, st.lists(WORDS, max_size=4))
def test_no_web_address_gets_through(before: list[str], domain: str, after: list[str]) -> None:
    for address in (f"https://{domain}/a?b=c", f"www.{domain}"):
        assert domain not in mask_one(" ".join([*before, address, *after]))


@given(
    st.sampled_from(["my name is ", "Ich heiße ", "Me llamo ", "je m'appelle ", "Meu nome é "]),
    st.from_regex(r"[A-ZÀ-Ö][a-zà-ö]{2,12}( [A-ZÀ-Ö][a-zà-ö]{2,12})?", fullmatch=True),
)
def test_a_name_that_is_introduced_does_not_get_through(cue: str, name: str) -> None:
    shown = mask_one(f"{cue}{name}, thank you")
    assert shown == f"{cue}[name], thank you"


@given(st.lists(st.text(max_size=60) | st.sampled_from(list(MASKED)), max_size=5))
def test_masking_again_changes_nothing_and_neighbours_do_not_matter(texts: list[str]) -> None:
    once = mask(pl.Series(texts, dtype=pl.String))
    assert mask(once).to_list() == once.to_list()
    assert once.to_list() == [mask(pl.Series([text])).item() for text in texts]


@given(st.text(st.sampled_from("0123456789 .-/@:aA"), max_size=400))
def test_no_text_takes_long(text: str) -> None:
    """A pattern that searches back and forth would take minutes here, not milliseconds."""
    mask_one(text * 20)
