"""Who is asked, how they feel, who answers, and what they write."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from .clock import Flags, Floats, Ints, in_span
from .feedback import comments, languages, topics
from .journeys import DEVICES, Journeys, device_at_start
from .phrases import LANGUAGES, THEMES
from .story import BEFORE_INCIDENT, Story
from .touches import CODE, NOBODY, Scene
from .visits import Steps

SURVEYS = ("csat", "nps", "ces")
SCALES = ((1, 5), (0, 10), (1, 7))
UNHAPPY = (3, 7, 4)  # scores below these
ABOUT = (
    "landing_page_viewed", "product_viewed", "store_visited", "checkout_started",
    "order_completed", "order_delivered", "support_contacted", "relationship",
)  # fmt: skip
IN_VISIT = (
    ("landing_page_viewed", "csat"),
    ("product_viewed", "csat"),
    ("store_visited", "csat"),
    ("checkout_started", "ces"),
    ("order_completed", "csat"),
)
ASKED = (
    *((survey, about) for about, survey in IN_VISIT),
    ("csat", "order_delivered"),
    ("csat", "support_contacted"),
    ("ces", "support_contacted"),
    ("nps", "relationship"),
)
"""Every survey and touchpoint that somebody is asked about."""


def feeling(scene: Scene, person: Ints, about: str) -> Floats:
    """Latent satisfaction with a touch: its mood, the person's leniency and warmth, and chance."""
    people, moods = scene.people, dict(scene.story.moods)
    leniency = np.array([p.leniency for p in scene.story.personas])[people.persona[person]]
    chance = scene.rng.normal(0.0, 0.92, len(person))
    return np.asarray(moods[about] + leniency + people.warmth[person] + chance)


def score_of(story: Story, survey: str, felt: Floats) -> Ints:
    """A latent satisfaction on a survey's scale."""
    cuts = {"csat": story.csat_cuts, "nps": story.nps_cuts, "ces": story.ces_cuts}[survey]
    return np.searchsorted(np.array(cuts), felt) + SCALES[SURVEYS.index(survey)][0]


def ask(
    scene: Scene,
    about: str,
    survey: str,
    person: Ints,
    at: Floats,
    score: Ints,
    cause: Ints,
    **columns: Any,
) -> Floats:
    """Ask about a touch; add the answers of those who answer. Gives back how likely each was to."""
    rng, story, people = scene.rng, scene.story, scene.people
    low, high = SCALES[SURVEYS.index(survey)]
    fifth = np.minimum(((score - low) * 5) // (high - low), 4)
    chance = dict(story.answer_rates)[about] * np.array(story.answer_weights)[fifth]
    persona = people.persona[person]
    chance *= np.array([p.answers for p in story.personas])[persona]
    inside = at < story.hours
    for i, one in enumerate(story.personas):
        own = chance[inside & (persona == i)]
        scene.tally[f"asked.{about}.{one.name}"] += len(own)
        scene.tally[f"asked.{about}.{one.name}.likely"] += float(own.sum())
    scene.tally[f"opinion.{survey}.{about}.answers"] += float(chance[inside].sum())
    unhappy = inside & (score < UNHAPPY[SURVEYS.index(survey)])
    scene.tally[f"opinion.{survey}.{about}.unhappy"] += float(chance[unhappy].sum())
    answered = np.flatnonzero(rng.random(len(person)) < chance)

    fifth, person = fifth[answered], person[answered]
    writes = rng.random(len(answered)) < np.array(story.comment_rates)[fifth]
    mood = np.array([0, 0, 1, 2, 2])[fifth]
    scene.touches.add(
        person,
        at[answered],
        touchpoint=CODE["survey_answered"],
        survey=SURVEYS.index(survey),
        score=score[answered],
        about=ABOUT.index(about),
        **_words(scene, person, about, cause[answered], mood, writes),
        **{k: v if np.isscalar(v) else v[answered] for k, v in columns.items()},
    )
    return chance


def reviews(
    scene: Scene,
    person: Ints,
    at: Floats,
    score: Ints,
    cause: Ints,
    **columns: Any,
) -> None:
    """Add reviews: always with words, in the mood of the score."""
    mood = np.array([0, 0, 1, 2, 2])[score - 1]
    always = np.ones(len(person), dtype=np.bool_)
    words = _words(scene, person, "review_written", cause, mood, always)
    scene.touches.add(person, at, touchpoint=CODE["review_written"], **words, **columns)


def ask_during_visits(
    scene: Scene,
    j: Journeys,
    steps: Steps,
    shown: Ints,
) -> None:
    """Questions on the page, at the till and at the checkout, answered right after the touch."""
    story = scene.story
    start, days = story.hour_of(story.incident_since), story.incident_days
    mobile = DEVICES.index(story.incident_device)
    for about, survey in IN_VISIT:
        which = np.flatnonzero(steps.touchpoint == CODE[about])
        visit = steps.visit[which]
        person = j.plans.person[j.journey[visit]]
        felt = feeling(scene, person, about)
        cause = np.full(len(which), NOBODY)
        if about == "checkout_started":
            struck = in_span(steps.at[which], start, days) & (j.device[visit] == mobile)
            felt = felt + np.where(struck, story.incident_ease, 0.0)
            cause = np.where(struck, THEMES.index("checkout"), cause)
        soon = steps.pause[which] * scene.rng.uniform(0.3, 0.9, len(which))
        score = score_of(story, survey, felt)
        chance = ask(
            scene, about, survey, person,
            steps.at[which] + soon, score, cause,
            step=steps.step[which] + 1, channel=shown[visit], device=j.device[visit],
        )  # fmt: skip
        if about == "checkout_started":
            opened = device_at_start(j)[j.journey[visit]] == mobile
            before = start - BEFORE_INCIDENT * 24.0, BEFORE_INCIDENT
            for name, low, length in (("during", start, days), ("before", *before)):
                own = opened & in_span(steps.at[which], low, length)
                scene.tally[f"effort.{name}.answers"] += float(chance[own].sum())
                scene.tally[f"effort.{name}.score"] += float(chance[own] @ score[own])


def _words(
    scene: Scene,
    person: Ints,
    about: str,
    cause: Ints,
    mood: Ints,
    writes: Flags,
) -> dict[str, pl.Series]:
    """The comment and language columns: empty where nothing is written."""
    rng, who = scene.rng, np.flatnonzero(writes)
    language = languages(rng, scene.story, scene.people.country[person[who]])
    theme = topics(rng, about, cause[who])
    for i, name in enumerate(THEMES):
        scene.tally[f"comments.{name}"] += int((theme == i).sum())
        scene.tally[f"complaints.{name}"] += int(((theme == i) & (mood[who] == 0)).sum())
    text = comments(rng, theme, mood[who], language)
    spoken = pl.Series(LANGUAGES, dtype=pl.String).gather(language)
    place = pl.Series(np.where(writes, np.cumsum(writes) - 1, NOBODY))
    place = place.set(place < 0, None)
    return {"comment": text.gather(place), "language": spoken.gather(place)}
