"""How much a number rests on, as one letter."""

ENOUGH = 100
SOME = 30

GRADES = {
    "A": f"{ENOUGH} cases or more",
    "B": f"{SOME} to {ENOUGH - 1} cases",
    "C": f"fewer than {SOME} cases: no value is read from them",
    "": "no cases",
}
"""Grade to what it says."""


def grade(cases: float) -> str:
    """The grade of so many cases: A, B, C, or empty where there is none.

    >>> [grade(n) for n in (100, 99, 30, 29, 1, 0)]
    ['A', 'B', 'B', 'C', 'C', '']
    """
    if cases >= ENOUGH:
        return "A"
    if cases >= SOME:
        return "B"
    return "C" if cases > 0 else ""
