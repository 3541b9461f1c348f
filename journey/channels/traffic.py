"""What a touch says of where it came from."""

from dataclasses import dataclass

UNASSIGNED = "Unassigned"
"""The channel of a touch that nothing is known of, and of one that no rule fits."""

_NOTHING = {"", "(not set)", "(none)", "(data not available)"}
"""What analytics tools write where they have no value."""


@dataclass(frozen=True)
class Traffic:
    """The traffic fields of a touch as they were captured; None where there is no value."""

    source: str | None = None
    medium: str | None = None
    campaign: str | None = None
    referrer_host: str | None = None
    placement: str | None = None
    """What a linked ad platform says of the click, as in `google_ads:YouTube Videos`."""

    @property
    def is_tagged(self) -> bool:
        """Whether source or medium say anything; then the referrer is not asked."""
        return is_value(self.source) or is_value(self.medium)


def is_value(text: str | None) -> bool:
    """Whether a field says something.

    >>> [is_value(text) for text in ("google", "(direct)", "(not set)", None)]
    [True, True, False, False]
    """
    return text is not None and text.strip().lower() not in _NOTHING


def host(text: str | None) -> str:
    """A host in small letters, without `www.`; empty where there is none.

    >>> host("WWW.Google.com"), host(None)
    ('google.com', '')
    """
    return (text or "").strip().lower().rstrip(".").removeprefix("www.")


def is_within(text: str | None, hosts: frozenset[str]) -> bool:
    """Whether a host is one of these or a part of one.

    >>> is_within("pay.shop.example", frozenset({"shop.example"}))
    True
    """
    parts = host(text).split(".")
    return any(".".join(parts[start:]) in hosts for start in range(len(parts)))
