"""The truth about the world: what was planted, what came of it, and what was written."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import numpy as np
import polars as pl

from .clock import demand_clock
from .counting import SETTLED
from .journeys import intents, logistic
from .people import channel_mix
from .phrases import THEMES
from .story import BEFORE_INCIDENT, Story
from .surveys import ASKED
from .tally import Tally
from .touches import UNMAPPED


def count_rows(rows: pl.DataFrame) -> Counter[str]:
    """What a batch of unique rows holds, under the names `truth.json` gives it."""
    counts: Counter[str] = Counter()
    for kind in ("touchpoint", "survey"):
        for name, n in rows[kind].drop_nulls().value_counts().iter_rows():
            counts[f"{kind}.{name}"] = n
    counts["unique"] = len(rows)
    counts["unmapped"] = sum(counts[f"touchpoint.{name}"] for name in UNMAPPED)
    counts["without_channel"] = rows["channel"].null_count()
    counts["comments"] = len(rows) - rows["comment"].null_count()
    person = pl.coalesce("customer_id", "anonymous_id")
    counts["people"] = rows.select(person.n_unique()).item()
    counts["customers"] = rows["customer_id"].drop_nulls().n_unique()
    counts["revenue_cents"] = int(rows["revenue"].sum() * 100)
    return counts


def channel_conversion(story: Story) -> dict[str, float]:
    """The true conversion of first journeys by entry channel, best first.

    Incident, campaign and experiment are left out of it.
    """
    mix = channel_mix(story, later=False) * np.array([p.share for p in story.personas])[:, None]
    mix /= mix.sum(axis=0)
    intent = intents(story)
    considers = np.where([c.online for c in story.channels], logistic(story.consider + intent), 1.0)
    chance = considers * logistic(story.decide + intent)
    chance = chance * logistic(story.check_out + intent) * logistic(story.order + intent)
    by_channel = (mix * chance).sum(axis=0)
    ranked = sorted(zip(by_channel, (c.name for c in story.channels), strict=True), reverse=True)
    return {name: round(float(rate), 4) for rate, name in ranked}


def new_people(story: Story, people: int) -> dict[str, float]:
    """How many people are met in each calendar month (`2026-03`), on average."""
    clock = demand_clock(story, first=True)
    edge = np.interp(np.arange(story.days + 1) * 24.0, clock.edges, clock.busy)
    found: dict[str, float] = {}
    for place, share in enumerate(np.diff(edge) / edge[-1]):
        month = f"{story.first_day + timedelta(days=place):%Y-%m}"
        found[month] = found.get(month, 0.0) + people * float(share)
    return {month: round(count, 2) for month, count in found.items()}


def lost(tally: Tally, pain: str) -> dict[str, float]:
    """What a planted pain took: what its chances make on average, and what they made in fact, in
    orders and in euros net of refunds."""
    return {
        "orders_expected": round(tally[f"lost.{pain}.orders_expected"], 2),
        "orders": tally[f"lost.{pain}.orders"],
        "value_expected": round(tally[f"lost.{pain}.cents_expected"] / 100, 2),
        "value": tally[f"lost.{pain}.cents"] / 100,
    }


def effects(story: Story, planted: Tally) -> dict[str, dict[str, Any]]:
    """Every planted effect: what it is, its parameters, and what came of it."""
    conversion = channel_conversion(story)
    return {
        "channel_conversion": {
            "what": "Entry channels differ in conversion: the model's, and what came of it",
            "order": list(conversion),
            "first_journeys": conversion,
            "all": {
                name: {"journeys": planted[f"journeys.{name}"], "orders": planted[f"orders.{name}"]}
                for name in [*conversion, "Unassigned"]
            },
            "settled": {
                "until": (story.last_day + timedelta(days=1 - SETTLED // 24)).isoformat(),
                "channels": {
                    name: {
                        "journeys": planted[f"settled.{name}"],
                        "orders_expected": round(planted[f"settled.{name}.likely"], 2),
                    }
                    for name in conversion
                },
            },
        },
        "channel_value": {
            "what": "Entry channels differ in order value, as a factor",
            "factors": {c.name: c.value for c in story.channels},
            "net_value_expected": {
                name: round(planted[f"value.{name}"] / planted[f"orders.{name}"], 2)
                for name in conversion
                if planted[f"orders.{name}"]
            },
        },
        "incident": {
            "what": "Checkout broken on mobile: fewer orders per checkout, more effort, calls",
            "since": story.incident_since.isoformat(),
            "days": story.incident_days,
            "device": story.incident_device,
            "orders_per_checkout_factor": story.incident_factor,
            "effort_shift": story.incident_ease,
            "support_share_of_those_stopped": story.incident_support,
            "checkouts": {
                name: {
                    "checkouts": planted[f"mobile_checkouts.{name}"],
                    "orders": planted[f"mobile_checkouts.{name}.ordered"],
                }
                for name in ("incident", "otherwise")
            },
            "lost": lost(planted, "incident"),
            "effort_expected": {
                name: {
                    "answers": round(planted[f"effort.{name}.answers"], 2),
                    "score_sum": round(planted[f"effort.{name}.score"], 2),
                }
                for name in ("during", "before")
            },
            "calls_expected": {
                name: {
                    "checkouts": planted[f"help.{name}.checkouts"],
                    "calls": round(planted[f"help.{name}.calls"], 2),
                }
                for name in ("during", "before")
            },
            "before_days": BEFORE_INCIDENT,
        },
        "campaign": {
            "what": "More journeys from one channel, of lower intent",
            "channel": story.campaign_channel,
            "name": story.campaign_name,
            "since": story.campaign_since.isoformat(),
            "days": story.campaign_days,
            "reach_factor": story.campaign_reach,
            "intent_shift_logit": story.campaign_intent,
            "journeys": {
                name: planted[f"campaign.{name}"] for name in ("first", "later", "others")
            },
            "orders_expected": {
                name: {
                    "with": round(planted[f"campaign.{name}.likely"], 2),
                    "without": round(planted[f"campaign.{name}.likely_without"], 2),
                }
                for name in ("first", "later")
            },
        },
        "spend": {
            "what": "Visits through paid channels cost money, the campaign's more than others",
            "cost_per_visit": dict(story.cost_per_visit),
            "campaign_factor": story.campaign_cost_factor,
            "visits": {name: planted[f"paid_visits.{name}"] for name, _ in story.cost_per_visit},
            "costs": {name: round(planted[f"paid.{name}"], 2) for name, _ in story.cost_per_visit},
        },
        "slow_delivery": {
            "what": "Deliveries over a number of days lower the satisfaction with them",
            "over_days": story.slow_over_days,
            "latent_shift": story.slow_satisfaction,
            "slow_period": {
                "since": story.slow_since.isoformat(),
                "days": story.slow_days,
                "factor": story.slow_factor,
            },
            "satisfied": {
                name: {
                    "orders": planted[f"delivered.{name}"],
                    "satisfied": planted[f"delivered.{name}.satisfied"],
                }
                for name in ("fast", "slow")
            },
            "answers_expected": {
                name: {
                    "answers": round(planted[f"delivered.{name}.answers"], 2),
                    "satisfied": round(planted[f"delivered.{name}.happy_answers"], 2),
                }
                for name in ("fast", "slow")
            },
            "countries": {
                country.code: {
                    "orders": planted[f"delivered.to.{country.code}"],
                    "slow": planted[f"delivered.to.{country.code}.slow"],
                }
                for country in story.countries
            },
            "lost": lost(planted, "slow"),
        },
        "repeat_purchase": {
            "what": "Satisfaction (4, 5) raises the odds of a repeat, given the persona",
            "window_days": story.repeat_days,
            "odds_ratio": story.repeat_odds_ratio,
            "orders": {
                name: {
                    "orders": planted[f"repeat.{name}.orders"],
                    "repeated": planted[f"repeat.{name}.repeated"],
                }
                for name in ("satisfied", "unsatisfied")
            },
        },
        "survey_non_response": {
            "what": "Chance to answer: rate of the touchpoint x weight of the score x persona",
            "weights": list(story.answer_weights),
            "rates": dict(story.answer_rates),
            "personas": {p.name: p.answers for p in story.personas},
            "asked": {
                about: {
                    p.name: {
                        "asked": planted[f"asked.{about}.{p.name}"],
                        "answers_expected": round(planted[f"asked.{about}.{p.name}.likely"], 2),
                    }
                    for p in story.personas
                }
                for about, _ in story.answer_rates
            },
        },
        "moods": {
            "what": "Touchpoints please more or less, in standard deviations; so do themes",
            "shifts": dict(story.moods),
            "unhappy_expected": {
                f"{survey} about {about}": {
                    "answers": round(planted[f"opinion.{survey}.{about}.answers"], 2),
                    "unhappy": round(planted[f"opinion.{survey}.{about}.unhappy"], 2),
                }
                for survey, about in ASKED
            },
            "themes": {
                name: {
                    "comments": planted[f"comments.{name}"],
                    "complaints": planted[f"complaints.{name}"],
                }
                for name in THEMES
            },
        },
        "experiment": {
            "what": "Variant B multiplies orders per online decision of those new to buying",
            "name": story.experiment,
            "since": story.experiment_since.isoformat(),
            "uplift_factor": story.experiment_uplift,
            "arms": {
                arm: {
                    "decided": planted[f"experiment.{arm}.decided"],
                    "ordered": planted[f"experiment.{arm}.ordered"],
                }
                for arm in "AB"
            },
        },
        "demand": {
            "what": "New journeys by month, weekday (Monday first) and growth",
            "months": list(story.months),
            "weekdays": list(story.weekdays),
            "growth_per_month": story.growth_per_month,
            "new_people_expected": new_people(story, int(planted["people"])),
        },
    }
