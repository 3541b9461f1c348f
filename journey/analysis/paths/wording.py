"""What a step table shows, in words: its title and its rule. Every setting is in the rule."""

from collections.abc import Callable

from journey.analysis.paths.asking import Asked
from journey.analysis.paths.steps import ending

Called = Callable[[str], str]
"""How a name is said: a page says its label."""


def title(asked: Asked, called: Called = str) -> str:
    """What is counted, from where to where.

    >>> title(Asked(start="product_viewed"))
    'Journeys from their first product_viewed'
    >>> title(Asked(end="order_completed", count="occurrences"))
    'Every order_completed and what came before it'
    >>> title(Asked(start="a", end="b", count="people"))
    'People from their first a to the next b'
    """
    units = asked.count.capitalize()
    start, end = (called(name) if name else None for name in (asked.start, asked.end))
    if asked.count == "occurrences" and (start or end):
        if start and end:
            return f"Every {start} that leads to {end}"
        return (
            f"Every {start} and what follows" if start else f"Every {end} and what came before it"
        )
    if start and end:
        return f"{units} from their first {start} to the next {end}"
    if start:
        return f"{units} from their first {start}"
    if end:
        return f"{units} up to their first {end}"
    return f"{'People' if asked.count == 'people' else 'Journeys'} from their first touch"


def rule(asked: Asked, minimum_n: int = 30, called: Called = str) -> str:
    """Every setting in force, as sentences."""
    sentences = [_counting(asked, called), _columns(asked), *_cleaning(asked, called)]
    if asked.versus is not None:
        sentences.append(_versus(asked, minimum_n, called))
    return " ".join(sentences)


_OUTCOMES = {"bought": "hold an order", "left": "hold no order so far"}


def whole_rule(asked: Asked, outcome: str = "all", called: Called = str) -> str:
    """What a whole journey is, and every setting in force."""
    over = {"touchpoint": "touchpoints", "channel": "channels of touches", "stage": "stages"}
    lines = {
        "people": "The touches of all journeys of a person that began in the period, in a row",
    }.get(asked.count, "The touches of a journey from its first to its last, as known by the as-of")
    return " ".join(
        [
            f"{lines}, by their {over[asked.over]}; two that differ in one touch are two ways.",
            "One of which anything was known only after the as-of is left out.",
            *([f"Only those that {_OUTCOMES[outcome]}."] if outcome != "all" else []),
            *_cleaning(asked, called),
        ]
    )


def _counting(asked: Asked, called: Called) -> str:
    """What a path is, and when it counts."""
    lines = {
        "journeys": "A path runs within one journey; each journey counts once",
        "people": "A path runs through all journeys of a person that began in the period; "
        "each person counts once",
        "occurrences": "A path runs within one journey",
    }[asked.count]
    start, end = (called(name) if name else None for name in (asked.start, asked.end))
    if asked.count == "occurrences" and (start or end):
        lines += f"; every {start or end} counts, so one journey may count several times"
        if start and end:
            return f"{lines}. It ends at the next {end}; those that never get there do not count."
        return f"{lines}."
    if start and end:
        return (
            f"{lines}, from its first {start} to the next {end}; those that never get there do "
            "not count."
        )
    if start:
        return f"{lines}, from its first {start} on."
    if end:
        return f"{lines}, read back from its first {end}."
    return f"{lines}, from its first touch on."


def _columns(asked: Asked) -> str:
    """What the columns hold."""
    over = {"touchpoint": "touchpoints", "channel": "channels of touches", "stage": "stages"}
    ended = {
        "Left": "Left: no further touch in it by the as-of",
        "Began": "Began: no touch in it before",
        "Arrived": "Arrived: the path had got to its end by then",
    }[ending(asked)]
    return (
        f"{asked.steps} steps over {over[asked.over]}, each with its {asked.top} commonest; "
        f"Other: all the others. {ended}. Every column adds up to all paths."
    )


def _cleaning(asked: Asked, called: Called) -> list[str]:
    """What was done to the touches."""
    cleaning = asked.cleaning
    sentences = []
    if cleaning.rules:
        said = "; ".join(str(rule) for rule in cleaning.rules)
        sentences.append(f"Names by the first rule that matches: {said}.")
    if cleaning.directories is not None:
        parts = "part" if cleaning.directories == 1 else f"{cleaning.directories} parts"
        rest = "Names that no rule matches" if cleaning.rules else "Names"
        sentences.append(f"{rest} are cut to the first {parts} between slashes.")
    if cleaning.hide:
        sentences.append(f"Hidden: {', '.join(map(called, cleaning.hide))}.")
    else:
        sentences.append("Nothing is hidden.")
    if cleaning.collapse:
        sentences.append("The same several times in a row counts as one, timed from its first.")
    else:
        sentences.append("Repeats count as they are.")
    return sentences


def _versus(asked: Asked, minimum_n: int, called: Called) -> str:
    """Who is compared, and when a difference is called one."""
    assert asked.versus is not None
    if asked.versus.is_conversion:
        who = (
            "Those who bought within the conversion window against those who did not, of those "
            "whose window has closed; only touches before the order, or within the window"
        )
    else:
        who = (
            f"{called(asked.versus.first)} against {called(asked.versus.second)}, by the "
            f"{asked.versus.by} of the journey a path begins in"
        )
    return (
        f"{who}. Differences of shares with Newcombe's 95 % interval, from {minimum_n} paths a "
        "group on; more than chance: at most one in ten of those called so would be chance "
        "(Benjamini and Hochberg). They are associations, not causes."
    )
