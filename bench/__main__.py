"""`python -m bench`: each part of the product against its peers."""

import argparse
from pathlib import Path

from bench import attribution, building, feedback, funnel, lifetime, questions, redraw, ways
from bench.measuring import say
from bench.worlds import world
from journey import config

PARTS = ("build", "questions", "ways", "funnel", "redraw", "feedback", "attribution", "lifetime")


def main() -> None:
    """Run the parts that were asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--events", type=int, nargs="+", default=[2_000_000, 20_000_000])
    parser.add_argument("--comments", type=int, default=200_000, help="comments to read")
    parser.add_argument("--pages", nargs="+", default=list(redraw.PAGES), help="pages to redraw")
    parser.add_argument("--only", choices=PARTS, help="one part; without it, all")
    parser.add_argument("--work", type=Path, default=Path(__file__).parent / "work")
    options = parser.parse_args()
    if options.only in (None, "feedback"):
        feedback.compare(options.comments)
    if options.only in (None, "attribution"):
        attribution.compare()
    if options.only in (None, "lifetime"):
        lifetime.compare()
    if options.only in ("feedback", "attribution", "lifetime"):
        return
    business = config.load(None)
    totals: dict[int, float] = {}
    for events in sorted(options.events):
        folder = world(options.work, events, business, say)
        if options.only in (None, "build"):
            building.compare(folder, business)
        if options.only in (None, "questions"):
            building.build_if_missing(folder, business)
            totals[events] = questions.compare(folder, business, events)
        if options.only in (None, "ways"):
            building.build_if_missing(folder, business)
            ways.compare(folder, business)
        if options.only in (None, "funnel"):
            building.build_if_missing(folder, business)
            funnel.compare(folder, business)
    if len(totals) > 1:
        least, most = min(totals), max(totals)
        growth = totals[most] / totals[least]
        say(f"from {least:,} to {most:,} events our questions take {growth:.1f} times as long")
    if options.only in (None, "redraw"):
        folder = world(options.work, min(options.events), business, say)
        building.build_if_missing(folder, business)
        redraw.compare(folder, options.pages)


if __name__ == "__main__":
    main()
