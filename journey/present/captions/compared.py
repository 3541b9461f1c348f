"""Values side by side in a sentence: which is highest and which lowest, if they differ at all."""

from collections.abc import Mapping, Sequence

from journey.present.captions.apart import Sized, widest
from journey.present.captions.measured import ends_of, highest_and_lowest


def compared(values: Sequence[Sized], told_of: Mapping[str, str], few: str) -> str:
    """The widest gap that is more than chance, widened for the pairs looked at, or that no two
    differ so. `told_of` says each value in words with its n; `few` is said where there is none.
    """
    if not values:
        return few
    if len(values) == 1:
        return f"{values[0].name}: {told_of[values[0].name]}; too few to compare it with."
    if pair := widest(values):
        said = highest_and_lowest(pair, dict(told_of), ends_of(values))
        return f"{said[0].upper()}{said[1:]}."
    high, low = ends_of(values)
    return (
        f"No two differ by more than chance would explain: from {told_of[low]} for {low} to "
        f"{told_of[high]} for {high}."
    )
