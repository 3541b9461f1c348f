"""The mood of comments: golden sentences in each language, and what must hold of any text."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from journey import ROOT
from journey.comments.lexicon import LANGUAGES, lexicon
from journey.comments.matching import Matcher
from journey.comments.mood import confidence
from journey.comments.reading import Reader
from journey.comments.taxonomy import read
from journey.comments.words import words_of

READER = Reader(read(ROOT / "journey" / "templates" / "retail.themes.yaml"))


def table(comments: list[str | None], language: str | None) -> pl.DataFrame:
    """Comments as the reader takes them, keyed by their place."""
    keys = [f"{place:05}" for place in range(len(comments))]
    return pl.DataFrame(
        {"key": keys, "comment": comments, "language": [language] * len(comments)},
        schema={"key": pl.String, "comment": pl.String, "language": pl.String},
    )


def moods(comments: list[str | None], language: str | None = "en") -> pl.DataFrame:
    """What is read of each comment, in order."""
    return READER.read(table(comments, language)).comments


NEGATIVE = {
    "en": [
        "not good", "I am not happy with it", "It does not work", "The parcel never arrived",
        "Nobody answered my e-mail", "Far too expensive", "The worst shop I know",
        "I would not recommend it to anyone", "Good idea, but it broke after a day",
        "Still waiting for my refund", "Support solved nothing", "👎", "😡😡", "soooo baaad",
        "I don’t like the colour at all, poor quality", "The app crashed twice",
        "super slow", "The delivery took forever", "super annoying",
    ],
    "de": [
        "nicht gut", "Das funktioniert nicht", "Die Lieferung kam nie an", "Viel zu teuer",
        "Ich bin sehr enttäuscht", "Ich kann den Laden nicht empfehlen", "Nie wieder!",
        "Gefällt mir nicht", "Gute Idee, aber leider kaputt", "Das Paket ist nicht angekommen",
        "Ich warte immer noch auf die Erstattung", "Gefaellt mir gar nicht, sehr enttaeuscht",
        "Der Kundendienst hat nicht geantwortet", "Unfreundliches Personal",
        "super langsam", "Lieferung hat ewig gedauert",
    ],
    "es": [
        "no es bueno", "No funciona", "El paquete nunca llegó", "Muy caro para lo que es",
        "Estoy muy decepcionada", "No lo recomiendo", "Pésima atención", "Nadie respondió",
        "Buena idea, pero se rompió el primer día", "Sigo esperando el reembolso",
        "Llegó roto", "La calidad es muy mala", "No me gusta nada", "súper lento",
    ],
    "fr": [
        "pas bon", "Ça ne marche pas", "Le colis n'est jamais arrivé", "Trop cher",
        "Je suis très déçue", "Je ne recommande pas", "Personne ne répond", "Service nul",
        "Bonne idée, mais cassé au bout d’un jour", "J'attends toujours le remboursement",
        "C'est la pire expérience", "Mauvaise qualité", "Je n’ai rien reçu", "super lent",
    ],
    "pt": [
        "não é bom", "Nao funciona", "O produto nunca chegou", "Muito caro para o que é",
        "Estou muito decepcionada", "Não recomendo", "Péssimo atendimento", "Ninguém respondeu",
        "Boa ideia, mas quebrou no primeiro dia", "Ainda não recebi", "Veio com defeito",
        "A qualidade é muito ruim", "Não gostei",
    ],
}  # fmt: skip

POSITIVE = {
    "en": [
        "good", "Really great service", "I love it", "Not bad at all, I love it",
        "No problems, everything worked", "Highly recommended 😊", "It arrived early",
        "A bit slow at first, but the result is excellent", "Thank you!", "👍", "sooo goood",
        "I was not disappointed", "Friendly staff and quick checkout", "Perfect!!!",
        "Super!", "super nice", "Super. Everything arrived",
    ],
    "de": [
        "gut", "Wirklich toller Service", "Ich liebe es", "Keine Probleme, alles super",
        "Sehr zu empfehlen", "Schnelle Lieferung, gut verpackt", "Nicht enttäuscht worden",
        "Super!", "super schnell",
        "Etwas teuer, aber ausgezeichnete Qualität", "Danke!", "Sehr schöne Farben",
        "Preis-Leistungs-Verhältnis stimmt", "Hat gut funktioniert",
    ],
    "es": [
        "bueno", "Un servicio realmente excelente", "Me encanta", "Sin problemas, todo perfecto",
        "Lo recomiendo", "Entrega rápida", "Un poco caro, pero la calidad es excelente",
        "Súper", "super bien",
        "¡Gracias!", "Muy contenta con la compra", "Llegó antes de lo previsto",
    ],
    "fr": [
        "bon", "Un service vraiment excellent", "J'adore", "Aucun problème, tout est parfait",
        "Je recommande", "Livraison rapide", "Un peu cher, mais la qualité est excellente",
        "Super !", "super sympa", "Merci !", "Très contente de mon achat", "Pas déçue du tout",
    ],
    "pt": [
        "bom", "Um serviço realmente excelente", "Adorei", "Sem problemas, tudo perfeito",
        "Recomendo", "Entrega rapida", "Um pouco caro, mas a qualidade é excelente",
        "Obrigada!", "Muito satisfeita com a compra", "Chegou antes do prazo", "muuuito bom",
    ],
}  # fmt: skip

NEUTRAL = {
    "en": ["It is okay", "Average", "Nothing special", "So-so"],
    "de": ["Ist in Ordnung", "Geht so", "Nichts Besonderes"],
    "es": ["Normal", "Está bien, sin más", "Regular"],
    "fr": ["Correct, sans plus", "Moyen", "Ça va"],
    "pt": ["Mais ou menos", "Normal", "Regular"],
}


def every(golden: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(language, sentence) for language, said in golden.items() for sentence in said]


@pytest.mark.parametrize(("language", "sentence"), every(NEGATIVE))
def test_a_complaint_is_negative(language: str, sentence: str) -> None:
    assert moods([sentence], language)["sentiment"].to_list() == ["negative"]


@pytest.mark.parametrize(("language", "sentence"), every(POSITIVE))
def test_praise_is_positive(language: str, sentence: str) -> None:
    assert moods([sentence], language)["sentiment"].to_list() == ["positive"]


@pytest.mark.parametrize(("language", "sentence"), every(NEUTRAL))
def test_faint_praise_is_neutral(language: str, sentence: str) -> None:
    assert moods([sentence], language)["sentiment"].to_list() == ["neutral"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("said", ["", "   ", "123", "?!", "xqzw", "\u202e\u202c", "<b></b>", None])
def test_what_says_nothing_has_no_mood(language: str, said: str | None) -> None:
    read = moods([said], language)
    assert read.select("score", "sentiment", "confidence").rows() == [(0.0, None, 0.0)]


STRONGER = [
    ("en", "good", "very good"), ("de", "gut", "wirklich gut"), ("es", "rápido", "muy rápido"),
    ("fr", "rapide", "vraiment rapide"), ("pt", "rápido", "muito rápido"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "plain", "strong"), STRONGER)
def test_a_stress_makes_more_of_a_mood_and_a_denial_turns_it(
    language: str, plain: str, strong: str
) -> None:
    no = {"en": "not", "de": "nicht", "es": "no", "fr": "pas", "pt": "não"}[language]
    said = moods([plain, strong, f"{no} {plain}", f"{no} {strong}"], language)["score"].to_list()
    assert said[1] > said[0] > 0 > said[2]
    assert said[3] < 0


def test_what_comes_after_but_counts_for_more() -> None:
    praise, blame = moods(["expensive but good", "good but expensive"])["score"]
    assert praise > 0 > blame


def test_two_moods_that_are_even_are_neutral_and_unsure() -> None:
    read = moods(["Great product. Terrible delivery."])
    assert read["sentiment"][0] == "neutral"
    assert read["confidence"][0] < 0.6


def test_a_language_without_a_lexicon_keeps_its_signs_and_its_themes() -> None:
    read = READER.read(table(["Consegna DHL in ritardo 😡", "Il pacco non è arrivato"], "it"))
    assert read.comments["sentiment"].to_list() == ["negative", None]
    assert read.mentions.select("key", "theme").rows() == [("00000", "delivery")]


def test_languages_are_told_apart_where_the_source_says_nothing() -> None:
    said = {
        "The parcel arrived a week late": "en",
        "Das Paket war tagelang unterwegs": "de",
        "La entrega tardó demasiado": "es",
        "Le colis est arrivé très en retard": "fr",
        "A encomenda chegou muito tarde": "pt",
        "Il pacco è arrivato molto in ritardo": "it",
        "12345": "other",
    }
    assert moods(list(said), None)["language"].to_list() == list(said.values())


@pytest.mark.parametrize("given", ["pt", "PT", "pt-BR", "pt_PT", "por", "Portuguese"])
def test_a_language_may_be_written_in_many_ways(given: str) -> None:
    assert moods(["ok"], given)["language"].to_list() == ["pt"]


def test_a_language_that_is_none_is_looked_for() -> None:
    assert moods(["Das Paket kam zu spät"], "unknown")["language"].to_list() == ["de"]


TEXT = st.text(max_size=80) | st.sampled_from(
    [sentence for _, sentence in every(POSITIVE) + every(NEGATIVE)]
)


@given(st.lists(TEXT, max_size=8), st.sampled_from([*LANGUAGES, "it", None]))
def test_any_text_is_read_and_each_comment_for_itself(
    comments: list[str], language: str | None
) -> None:
    together = moods(list(comments), language)
    assert together.height == len(comments)
    assert together["score"].is_between(-1, 1).all()
    assert together["confidence"].is_between(0, 1).all()
    assert (together["sentiment"].is_null() == (together["confidence"] == 0)).all()
    for place, comment in enumerate(comments):
        alone = moods([comment], language)
        assert alone.drop("key").rows() == [together.drop("key").row(place)]


@given(st.lists(st.sampled_from(["a", "b", "c", "d", "ab", "cc", ",", ".", "x"]), max_size=12))
def test_phrases_are_found_as_a_search_by_hand_finds_them(said: list[str]) -> None:
    terms = ["a", "c*", "a_b", "b_c*_d", "x_a_b"]
    found = Matcher(terms, "en").find(words_of(pl.Series([" ".join(said)]), "en"))
    expected, at = [], 0
    tokens = [part for word in said for part in word.split()]
    covered: set[int] = set()
    starts: dict[int, tuple[int, int]] = {}
    for size in (3, 2, 1):
        at = 0
        while at + size <= len(tokens):
            window = tokens[at : at + size]
            match = _term(terms, window) if covered.isdisjoint(range(at, at + size)) else None
            if match is not None:
                starts[at] = (match, size)
                covered |= set(range(at, at + size))
            at += 1
    expected = [(starts[at][0], at, starts[at][1]) for at in sorted(starts)]
    got = zip(found.term.tolist(), found.start.tolist(), found.length.tolist(), strict=True)
    assert list(got) == expected


def _term(terms: list[str], window: list[str]) -> int | None:
    """The term that these words are."""
    for number, term in enumerate(terms):
        parts = term.split("_")
        if len(parts) == len(window) and all(
            word.startswith(part[:-1]) if part.endswith("*") else word == part
            for part, word in zip(parts, window, strict=True)
        ):
            return number
    return None


@pytest.mark.parametrize("language", LANGUAGES)
def test_lexicons_have_what_the_rules_need(language: str) -> None:
    book = lexicon(language)
    assert np.abs(book.value).max() <= 3
    assert (book.value > 0).sum() > 150
    assert (book.value < 0).sum() > 150
    for part in ("not", "more", "less", "but"):
        assert book.parts[part].any()


def test_more_and_more_one_sided_evidence_is_surer() -> None:
    assert confidence(np.array([0.0, 1.0, 3.0]), np.array([0.0, 0.0, 0.0])).tolist() == sorted(
        confidence(np.array([0.0, 1.0, 3.0]), np.array([0.0, 0.0, 0.0])).tolist()
    )
    one_sided, mixed = confidence(np.array([2.0, 3.0]), np.array([0.0, 1.0]))
    assert one_sided > mixed
