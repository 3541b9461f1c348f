"""The planted moods of touchpoints: how many of those who answer are unhappy with each."""

from journey.analysis.truth.scored import Part, Scored
from journey.analysis.truth.truthfile import Asked
from journey.metrics import metric as registry
from journey.metrics import statistics


def moods(asked: Asked) -> list[Scored]:
    """By how many points more, or fewer, are unhappy with a touchpoint than with all others that
    the same survey asks about; of a survey that asks about one, the share itself."""
    planted = asked.effects["moods"]["unhappy_expected"]
    likely = {name: (one["unhappy"], one["answers"]) for name, one in planted.items()}
    rows = asked.engine.run(registry.find("low_score"), asked.frame()).rows
    found = {
        name: (float(own["unhappy"].sum()), float(own["answers"].sum()))
        for (name,), own in rows.group_by("touchpoint")
    }
    lines = []
    for name in likely:
        survey = name.partition(" about ")[0]
        one, rest = _sides(likely, name, survey)
        own, others = _sides(found, name, survey)
        size = one[0] / one[1] if one[1] else 0.0
        if rest[1]:
            size -= rest[0] / rest[1]
        part = Part(
            "moods",
            f"unhappy answers, {name}" + (" against others" if rest[1] else ""),
            "",
            "points" if rest[1] else "share",
            size,
            None,
            "pains/low_score",
        )
        enough = own[1] >= asked.config.minimum_n
        if not rest[1]:
            share = (own[0] / own[1], *statistics.wilson(*own)) if enough else None
            lines.append(part.judged(share))
            continue
        enough = enough and others[1] >= asked.config.minimum_n
        apart = statistics.difference(*own, *others) if enough else None
        lines.append(part.judged(apart, nothing=0.0))
    return lines


def _sides(
    counts: dict[str, tuple[float, float]], name: str, survey: str
) -> tuple[tuple[float, float], tuple[float, float]]:
    """The counts of a touchpoint, and of all others of its survey together."""
    rest = [
        pair
        for other, pair in counts.items()
        if other != name and other.startswith(f"{survey} about ")
    ]
    others = sum(part for part, _ in rest), sum(whole for _, whole in rest)
    return counts.get(name, (0.0, 0.0)), others
