"""The mood of a comment: the strengths of its words, turned, weighed and added up.

The rules are those that VADER (Hutto and Gilbert 2014) showed to matter: denial, words that
strengthen or weaken, `but`. Unlike there, what should happen has a strength of its own where it
did not (`did not arrive`), denial reaches only the next word with a mood in its part of the
sentence, and every sentence can be read for itself, so that a theme has the mood of the sentences
that speak of it.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from journey.comments.lexicon import Lexicon
from journey.comments.words import Flags, Ints, Words

Floats = npt.NDArray[np.float64]

BEFORE, AFTER = 5, 3
"""How many words a denial reaches ahead, and back in languages that deny afterwards."""

EXCESS = -1.2
"""The strength of `too` before a word that is no praise."""

STRONGER, WEAKER = 1.3, 0.7
"""What a strengthening and a weakening word does to the one after it."""

BUT_BEFORE, BUT_AFTER = 0.6, 1.4
"""What counts before and after the last `but` of a sentence."""

HALF_WAY = 1.5
"""The sum of strengths whose score is 0.5."""

CLEAR = 0.28
"""The score from which on a mood is more than neutral."""


SUREST = 0.98
"""No reading of words is surer than this."""


@dataclass(frozen=True)
class Moods:
    """What was read: a row for each comment, or for each sentence."""

    score: Floats
    """From -1 to +1; 0 also where nothing was read."""
    confidence: Floats
    """From 0.5 to 1: how often such evidence has the sign of the score its writer gave; 0 where
    there is no evidence."""


@dataclass(frozen=True)
class Weighed:
    """The words of some comments that say something of a mood, weighed where they stand."""

    words: Words
    place: Ints
    strength: Floats

    def of_comments(self) -> Moods:
        """The mood of each comment."""
        return self._sum(self.words.comment[self.place], self.words.comments)

    def of_sentences(self) -> Moods:
        """The mood of each sentence."""
        sentences = int(self.words.sentence[-1]) + 1 if len(self.words.word) else 0
        return self._sum(self.words.sentence[self.place], sentences)

    def _sum(self, group: Ints, groups: int) -> Moods:
        """Strengths by group as scores."""
        good = _by_group(group, np.maximum(self.strength, 0), groups)
        bad = _by_group(group, np.maximum(-self.strength, 0), groups)
        found = np.bincount(group, minlength=groups) > 0
        net = good - bad
        score = net / (np.abs(net) + HALF_WAY)
        return Moods(score, np.where(found, confidence(good, bad), 0.0))


def confidence(good: Floats, bad: Floats) -> Floats:
    """How sure the sign of `good - bad` is, from the strengths for and against.

    A logistic curve, fitted to the stars of 600 Portuguese reviews and lowered, since the lexicon
    was made with those in sight; `journey.analysis.feedback.accuracy` says whether it holds
    elsewhere.
    """
    net, whole = np.abs(good - bad), good + bad
    agreement = np.divide(net, whole, out=np.zeros_like(whole), where=whole > 0)
    odds = -1.8 + 3.3 * np.log1p(net) + 0.5 * agreement
    return np.maximum(0.5, np.minimum(SUREST, 1 / (1 + np.exp(-odds))))


def weigh(words: Words, lexicon: Lexicon) -> Weighed:
    """Every word with a mood, its strength turned by denial and changed by its neighbours."""
    found = lexicon.matcher.find(words)
    size = len(words.word)
    term = np.full(size, -1, dtype=np.int64)
    term[found.start] = found.term
    end = np.arange(size)
    end[found.start] += found.length - 1

    def is_a(part: str) -> Flags:
        flags = np.zeros(size, dtype=np.bool_)
        flags[found.start] = lexicon.parts[part][found.term]
        return flags

    hit = np.zeros(size, dtype=np.bool_)
    hit[found.start] = lexicon.has_mood[found.term]
    value = np.zeros(size)
    value[found.start] = lexicon.value[found.term]
    but, not_, more = is_a("but"), is_a("not"), is_a("more")
    stop = words.is_break | words.is_comma | but
    _excess(words, is_a("too"), hit, value, more)
    # `super` alone is praise; in `super slow` it only strengthens.
    hit[:-1] &= ~(more[:-1] & hit[1:] & (words.sentence[:-1] == words.sentence[1:]))

    place = np.flatnonzero(hit)
    known = term[place]
    said = value[place]
    denied = np.where(known >= 0, lexicon.denied[known], said)
    turned = _denied_before(words, place, not_, hit, stop)
    if lexicon.parts["not_after"].any():
        after = is_a("not_after")
        turned |= _denied_after(words, place, end[place], after, hit, stop)
    strength = np.where(turned, denied, said)
    strength *= _stress(words, place, more, is_a("less"), hit & ~more)
    strength *= _contrast(words, place, but)
    return Weighed(words, place, strength)


def _excess(words: Words, too: Flags, hit: Flags, value: Floats, more: Flags) -> None:
    """Make `too` a complaint of its own, or a stress on what has a mood already."""
    place = np.flatnonzero(too)
    after = np.minimum(place + 1, len(too) - 1)
    followed = (after > place) & (words.comment[after] == words.comment[place])
    followed &= words.is_word[after]
    stressed = followed & hit[after]
    more[place[stressed]] = True
    alone = place[followed & ~stressed]
    hit[alone], value[alone] = True, EXCESS


def _denied_before(words: Words, place: Ints, not_: Flags, hit: Flags, stop: Flags) -> Flags:
    """Whether a denial stands before each place, with nothing between that it would deny."""
    turned = np.zeros(len(place), dtype=np.bool_)
    alive = np.ones(len(place), dtype=np.bool_)
    for step in range(1, BEFORE + 1):
        at = np.maximum(place - step, 0)
        alive &= (place >= step) & (words.comment[at] == words.comment[place]) & ~stop[at]
        turned |= alive & not_[at]
        alive &= ~not_[at] & ~hit[at]
    return turned


def _denied_after(
    words: Words, place: Ints, end: Ints, after: Flags, hit: Flags, stop: Flags
) -> Flags:
    """Whether a denial follows each place: one that has nothing of its own to deny."""
    last = len(words.word) - 1
    turned = np.zeros(len(place), dtype=np.bool_)
    alive = np.ones(len(place), dtype=np.bool_)
    for step in range(1, AFTER + 1):
        at, beyond = np.minimum(end + step, last), np.minimum(end + step + 1, last)
        alive &= (end + step <= last) & (words.comment[at] == words.comment[place]) & ~stop[at]
        own = (beyond > at) & (words.comment[beyond] == words.comment[place]) & hit[beyond]
        turned |= alive & after[at] & ~own
        alive &= ~after[at] & ~hit[at]
    return turned


def _stress(words: Words, place: Ints, more: Flags, less: Flags, stop: Flags) -> Floats:
    """What the two words before each place make of its strength."""
    stress = np.ones(len(place))
    alive = np.ones(len(place), dtype=np.bool_)
    for step in (1, 2):
        at = np.maximum(place - step, 0)
        alive &= (place >= step) & (words.sentence[at] == words.sentence[place]) & ~stop[at]
        stress *= np.where(alive & more[at], STRONGER, 1.0)
        stress *= np.where(alive & less[at], WEAKER, 1.0)
    return stress


def _contrast(words: Words, place: Ints, but: Flags) -> Floats:
    """What stands after the last `but` of its sentence counts for more than what stands before.

    A `but` that opens the sentence has nothing to outweigh.
    """
    at = np.flatnonzero(but)
    at = at[(at > 0) & (words.sentence[np.maximum(at - 1, 0)] == words.sentence[at])]
    if not len(at):
        return np.ones(len(place))
    last = np.full(int(words.sentence[-1]) + 1, -1)
    np.maximum.at(last, words.sentence[at], at)
    there = last[words.sentence[place]]
    return np.where(there < 0, 1.0, np.where(place > there, BUT_AFTER, BUT_BEFORE))


def _by_group(group: Ints, amount: Floats, groups: int) -> Floats:
    """Sums by group; without any amount bincount would give whole numbers."""
    return np.bincount(group, amount, groups).astype(np.float64)
