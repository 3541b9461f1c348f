"""What could tell who wrote a comment, taken out of it before anyone reads it.

E-mail addresses, web addresses, handles, phone, card, account and order numbers, street addresses
and names are put as `[e-mail]`, `[phone]` and so on. What is masked is a matter of form: every run
of five digits or more goes, whatever it numbers, but for dates and amounts of money. Names go where
they are introduced (`my name is ...`, `Herr ...`, `regards, ...`) or commonly given; a rare name in
the middle of a sentence stays. Few comments hold anything to mask: only those are looked at
closely.
"""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import polars as pl

MASKS = (
    *("[e-mail]", "[link]", "[handle]", "[account]", "[card]", "[phone]", "[number]"),
    *("[address]", "[name]"),
)
"""What stands in the place of what was taken out."""

LONGEST = 20_000
"""Characters of a comment that are kept: what is longer is cut, with a sign that it was."""

_CAPITAL = r"[A-ZÀ-ÖØ-ÞŁŚŻ]"
_NAME = rf"{_CAPITAL}[\w'’-]+"
_DIGIT_OR_AT = r"[0-9]|@|[(\[]at[)\]]"
_ENDINGS = (
    *("://", "www.", ".com", ".net", ".org", ".de", ".fr", ".es", ".pt", ".br", ".uk", ".eu"),
    *(".io", ".co", ".info", ".shop"),
)
_STREETS = (
    *("street", "st", "road", "rd", "ave", "lane", "ln", "drive", "dr", "close", "court", "way"),
    *("square", "boulevard", "blvd", "stra", "str.", "weg", "gasse", "allee", "platz", "damm"),
    *("ufer", "ring", "calle", "c/", "avda", "av.", "plaza", "paseo", "rua", "r.", "travessa"),
    *("praça", "estrada", "alameda", "rue", "place", "chemin", "allée", "impasse", "quai"),
)
_CUES = (
    *("my name", "i am called", "this is", "ich hei", "mein name", "me llamo", "mi nombre"),
    *("appelle", "mon nom", "meu nome", "me chamo", "chamo-me", "regards", "sincerely", "cheers"),
    *("yours", "grüße", "mfg", "lg", "vg", "saludo", "atentamente", "cordialement", "bien à vous"),
    *(
        "atenciosamente",
        "att",
        "abraços",
        "abs",
        "cumprimentos",
        "mr",
        "ms",
        "miss",
        "dr",
        "mister",
    ),
    *("herr", "frau", "sr", "señor", "senhor", "dona", "don ", "doña", "monsieur", "madame", "mme"),
    *("mlle", "m. "),
)
"""What a name, a link or a street may be told by, in small letters: where there is none of these,
the exact rules need not look."""

_EMAIL = re.compile(r"[\w.+%'-]{1,64}\s?(?:@|\(at\)|\[at\])\s?[\w-]{1,63}(?:\.[\w-]{1,63})+", re.I)
_LINK = re.compile(
    r"\b(?:[a-z][a-z0-9+.-]{1,20}://|www\.)[^\s<>\"')\]]+"
    r"|\b(?:[a-z0-9-]{1,63}\.){1,4}(?:com|net|org|de|fr|es|pt|br|uk|eu|io|co|info|shop)\b(?:/\S*)?",
    re.I,
)
_HANDLE = re.compile(r"(?<![\w@])@\w[\w.]{1,40}")
_ACCOUNT = re.compile(r"\b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?\b", re.I)
_KEPT = re.compile(
    r"""(?<![\w.,/+-])(?:
        \d{4}-\d{1,2}-\d{1,2} | \d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})      # a date
      | [€$£]\s?\d{1,3}(?:[.,\s]\d{3})*(?:[.,]\d{1,2})?                     # an amount of money
      | R\$\s?\d{1,3}(?:[.,]\d{3})*(?:[.,]\d{1,2})?
      | \d{1,3}(?:[.,]\d{3})*[.,]\d{2}(?=\s?(?:€|eur|euros?|reais|usd|gbp|\$|£))
    )(?![\w/-]|[.,]\d)""",
    re.X | re.I,
)
_DIGITS = re.compile(r"\+?\(?\d(?:[\s./()_*·•–-]{0,3}\d){4,40}")
_CODE = re.compile(r"(?<![\w-])#?(?=[\w-]*\d[\w-]*\d[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{6,40}")
_ORDER = re.compile(
    r"\b((?:order|invoice|ticket|tracking|bestell\w*|auftrag\w*|rechnung\w*|kunden\w*|sendung\w*"
    r"|pedido|factura|encomenda|fatura|nota fiscal|protocolo|commande|facture|colis|dossier)"
    r"(?:\s?(?:no|nr|number|nummer|número|numéro|n[º°o]?|id|code))?[\s.:#º°]{0,3})"
    r"([A-Za-z]{0,4}-?\d[\w-]{1,30})",
    re.I,
)
_STREET = re.compile(
    r"\b(?:\d{1,5}\w?,?\s(?:[A-Z][\w'’-]+\s){1,3}"
    r"(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|close|court|way|square|boulevard|blvd)\b\.?"
    r"|[A-ZÄÖÜ][\wäöüß-]{2,}(?:straße|strasse|str\.|weg|gasse|allee|platz|damm|ufer|ring)"
    r"\s?\d{1,4}\s?[a-z]?\b"
    r"|(?:calle|c/|avenida|avda\.?|av\.|plaza|paseo|rua|r\.|travessa|praça|estrada|alameda)"
    r"\s(?:[\w'’.-]+\s?){1,5},?\s?(?:n[º°o]?\.?\s?)?\d{1,5}\b"
    r"|\d{1,4}\s?(?:bis|ter)?,?\s(?:rue|avenue|boulevard|place|chemin|allée|impasse|quai)"
    r"\s(?:[\w'’.-]+\s?){1,5})",
    re.I,
)
_INTRODUCED = re.compile(
    rf"((?:\b(?i:my name is|i am called|this is|ich heiße|ich heisse|mein name ist|me llamo"
    rf"|mi nombre es|je m['’]appelle|mon nom est|meu nome é|meu nome e|me chamo|chamo-me)\s+)"
    rf"|\b(?:Mr|Mrs|Ms|Miss|Dr|Mister|Herr|Herrn|Frau|Sr|Sra|Srta|Señor|Señora|Senhor|Senhora|Dona"
    rf"|Don|Doña|Monsieur|Madame|Mme|Mlle|M)\b\.?\s+"
    rf"|(?:\b(?i:(?:kind |best |warm )?regards|sincerely|cheers|yours|mit freundlichen grüßen"
    rf"|(?:viele |liebe |beste )?grüße|mfg|lg|vg|saludos|un saludo|atentamente|cordialement"
    rf"|bien à vous|atenciosamente|att|abraços|abs|cumprimentos)[\s,.!:-]+))"
    rf"({_NAME}(?:\s(?:(?:de|da|do|dos|von|van|del|la|le)\s)?{_NAME}){{0,3}})"
)
_SAID = re.compile(
    r"(\b(?:my name is|mein name ist|ich heiße|me llamo|mi nombre es|je m['’]appelle|meu nome é"
    r"|me chamo)\s+)([^\W\d_][\w'’-]+)",
    re.I,
)


def mask(comments: pl.Series) -> pl.Series:
    """The comments without what could tell who wrote them, as text; null stays null.

    Masking once more changes nothing.
    """
    text = comments.cast(pl.String)
    cut = text.str.slice(0, LONGEST)
    text = pl.select(
        pl.when(text.str.len_chars() > LONGEST).then(cut + " …").otherwise(text)
    ).to_series()
    small = text.str.to_lowercase()
    hints = small.str.contains(_DIGIT_OR_AT) | small.str.contains_any([*_ENDINGS, *_CUES])
    places = (hints | text.str.contains(_any_name())).fill_null(False).arg_true()
    if not len(places):
        return text
    return text.scatter(places, [mask_one(one) for one in text.gather(places)])


def without_masks(comments: pl.Series) -> pl.Series:
    """Masked comments with a gap for each mask, whose word nobody wrote."""
    names = "|".join(re.escape(name[1:-1]) for name in MASKS)
    return comments.str.replace_all(rf"\[(?:{names})\]", " , ")


def mask_one(text: str) -> str:
    """One comment, masked.

    >>> mask_one("It is about order O-0012345, call me on +49 170 5550001. Sam Miller")
    'It is about order [number], call me on [phone]. [name]'
    >>> mask_one("Bought 12/03/2026 for € 1.299,00, write to sam@example.com")
    'Bought 12/03/2026 for € 1.299,00, write to [e-mail]'
    """
    small = text.lower()
    if "@" in text or "at]" in small or "at)" in small:
        text = _HANDLE.sub("[handle]", _EMAIL.sub("[e-mail]", text))
    if any(ending in small for ending in _ENDINGS):
        text = _LINK.sub("[link]", text)
    if any(sign.isdigit() for sign in text):
        if any(street in small for street in _STREETS):
            text = _STREET.sub("[address]", text)
        text = _ACCOUNT.sub(_account, text)
        text = _ORDER.sub(r"\1[number]", text)
        text = _outside(_KEPT, text, lambda part: _CODE.sub("[number]", _DIGITS.sub(_digits, part)))
    if any(cue in small for cue in _CUES):
        text = _SAID.sub(r"\1[name]", _INTRODUCED.sub(r"\1[name]", text))
    return _without_given_names(text)


def _outside(kept: re.Pattern[str], text: str, change: Callable[[str], str]) -> str:
    """The text with all but the kept places changed."""
    parts, end = [], 0
    for place in kept.finditer(text):
        parts += [change(text[end : place.start()]), place.group()]
        end = place.end()
    return "".join([*parts, change(text[end:])])


def _account(found: re.Match[str]) -> str:
    """An account number, where enough of it are digits; words in capitals are none."""
    return "[account]" if sum(sign.isdigit() for sign in found.group()) >= 8 else found.group()


def _digits(found: re.Match[str]) -> str:
    """What a run of digits is, by its length and form."""
    text = found.group()
    digits = sum(sign.isdigit() for sign in text)
    if 13 <= digits <= 19 and not text.startswith(("+", "(")):
        return "[card]"
    apart = any(sign in " ./()-" for sign in text)
    return "[phone]" if digits >= 7 and (apart or text[0] in "+0") else "[number]"


@cache
def _names() -> frozenset[str]:
    """The given names of `names.txt`."""
    lines = (Path(__file__).parent / "names.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(name for line in lines if not line.startswith("#") for name in line.split())


_CAPITALISED = re.compile(rf"(?<!\w){_NAME}(?!\w)")
_SURNAME = re.compile(rf"(?: (?:(?:de|da|do|dos|von|van|del|la|le) )?{_NAME}(?!\w))+")


def _without_given_names(text: str) -> str:
    """The text with common given names, and the capitalised names that follow them, masked."""
    parts, end = [], 0
    for found in _CAPITALISED.finditer(text):
        if found.start() < end or found.group().split("'")[0].split("’")[0] not in _names():
            continue
        surname = _SURNAME.match(text, found.end())
        parts += [text[end : found.start()], "[name]"]
        end = surname.end() if surname else found.end()
    return "".join([*parts, text[end:]])


@cache
def _any_name() -> str:
    """A common given name."""
    return rf"\b(?:{'|'.join(sorted(map(re.escape, _names())))})\b"
