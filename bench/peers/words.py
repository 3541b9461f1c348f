"""The peers' SQL files, with what the configuration says filled in."""

from datetime import date, datetime
from pathlib import Path

from journey.config import STAGES, Config

FOLDER = Path(__file__).parent


def statements(dialect: str, name: str, words: dict[str, str]) -> list[str]:
    """The statements of a peer's file, `{word}`s filled in."""
    text = (FOLDER / dialect / f"{name}.sql").read_text(encoding="utf-8")
    for word, value in words.items():
        text = text.replace(f"{{{word}}}", value)
    return text.split("\n;\n")


def configured(config: Config, currency: str) -> dict[str, str]:
    """What a statement may say about the business, as SQL. The reporting zone must be UTC."""
    assert config.time_zone == "UTC", "the peers' queries take days in UTC"
    number = {stage: place for place, stage in enumerate(STAGES, 1)}
    touchpoints = config.touchpoints
    clocks = (
        "gap_days",
        "session_timeout_minutes",
        "conversion_window_days",
        "repeat_window_days",
        "cart_window_hours",
    )
    return {
        **{clock: str(getattr(config, clock)) for clock in clocks},
        "currency": currency,
        "stages": str(list(STAGES[:-1])),
        "names": str(list(touchpoints)),
        "numbers": str([number[stage] for stage in touchpoints.values()]),
        "name_stages": str(list(touchpoints.values())),
        "purchase_touchpoints": ", ".join(
            f"'{name}'" for name, stage in touchpoints.items() if stage == "purchase"
        ),
    }


def framed(dialect: str, since: date, until: date, as_of: datetime) -> dict[str, str]:
    """The period and the as-of as literals of a dialect."""
    if dialect == "clickhouse":
        return {
            "since": f"toDateTime64('{since} 00:00:00', 6, 'UTC')",
            "until": f"toDateTime64('{until} 00:00:00', 6, 'UTC')",
            "as_of": f"toDateTime64('{as_of:%Y-%m-%d %H:%M:%S.%f}', 6, 'UTC')",
        }
    return {
        "since": f"timestamp '{since} 00:00:00'",
        "until": f"timestamp '{until} 00:00:00'",
        "as_of": f"timestamp '{as_of:%Y-%m-%d %H:%M:%S.%f}'",
    }
