"""The satisfaction page's switches: bound to the address, said in words, kept apart."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit
from streamlit.testing.v1 import AppTest

from journey import ROOT
from tests.test_pages import run
from tests.world import Business, day, people

SURVEYS = {"csat": (1, 5), "nps": (0, 10), "ces": (1, 7)}


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        # A request is about the touch before it.
        ("", "No survey requests are recorded, so each touch counts as asked"),
        ("survey_sent@1.1", ""),
        ("survey_sent@0.1", "recorded about Order delivered, so each touch"),
    ],
)
def test_a_response_rate_of_touches_is_called_a_floor(
    sent: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    business = Business(tmp_path)
    answer = "survey_answered@2,survey=csat,score=5"
    line = f"order_completed@0 order_delivered@1 {sent} {answer} page_viewed@60"
    business.deliver(people(**{f"p{n}": line for n in range(3)}))
    business.build()
    app = run(ROOT / "pages" / "satisfaction.py", business, monkeypatch, period="All time")
    assert not app.exception
    told = " ".join(html.value for html in app.get("html"))
    assert "Response rate" in told
    assert (said in told) if said else ("counts as asked" not in told)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Business]:
    """A hundred and twenty buyers of two personas who answer everything, on two CSAT scales."""
    business = Business(tmp_path_factory.mktemp("page"), currency="EUR")
    rows = []
    for n in range(120):
        base = {"customer_id": f"p{n}", "channel": "Email", "persona": "Ann" if n % 2 else "Bob"}
        steps = [("order_completed", 1), ("order_delivered", 3), ("order_completed", 50 + n % 60)]
        for place, (touchpoint, at) in enumerate(steps):
            rows.append(
                base
                | {"event_id": f"p{n}-{place}", "touchpoint": touchpoint, "occurred_at": day(at)}
                | ({"revenue": 10 + n % 3} if touchpoint == "order_completed" else {})
            )
        if n % 4:
            for survey, (low, high) in SURVEYS.items():
                wide = survey == "csat" and n % 3 == 0
                low, high = (1, 7) if wide else (low, high)
                rows.append(
                    base
                    | {"event_id": f"p{n}-{survey}", "touchpoint": "survey_answered"}
                    | {"occurred_at": day(4), "survey": survey, "scale_min": low, "scale_max": high}
                    | {"score": low + n % (high - low + 1)}
                    | ({} if survey == "nps" and n % 2 else {"about": "order_delivered"})
                )
    business.deliver(rows)
    business.build()
    yield business
    business.close()


@pytest.fixture
def page(shop: Business, monkeypatch: pytest.MonkeyPatch):
    """Opens the page at an address."""
    streamlit.cache_resource.clear()
    streamlit.cache_data.clear()
    monkeypatch.setenv("JOURNEY_DATA", str(shop.folder.root))

    def open_page(**query: str | list[str]) -> AppTest:
        app = AppTest.from_file(str(ROOT / "pages" / "satisfaction.py"), default_timeout=60)
        app.query_params["period"] = "All time"
        for name, value in query.items():
            app.query_params[name] = value
        app.run()
        assert not app.exception
        assert not app.warning
        return app

    return open_page


def said(app: AppTest) -> str:
    """All text on the page's cards."""
    return " ".join(html.value for html in app.get("html"))


def test_an_address_shows_the_same_view(page) -> None:
    app = page(survey="Effort (CES)", scores_by="Persona", ces_way="Share who agree")
    text = said(app)
    assert "Scores by persona" in text
    assert "CES, share who agree, on a scale of 1 to 7" in text


def test_the_declared_way_is_the_first(page) -> None:
    assert "CSAT, top two boxes, on a scale of 1 to 5" in said(page())


def test_scales_are_kept_apart_and_said(page) -> None:
    assert "answers on another scale are left out, not averaged in" in said(page())
    together = said(page(csat_scale="All, on 0 to 100", csat_way="Mean"))
    assert "all scales put on one from 0 to 100" in together
    assert "another scale" not in together


def test_relational_and_transactional_have_a_switch_of_their_own(page) -> None:
    text = said(page(survey="Recommendation (NPS)"))
    other = said(page(survey="Recommendation (NPS)", kind="Transactional"))
    assert "Relational NPS, net score" in text
    assert "Transactional NPS, net score" in other


def test_personas_beside_each_other(page) -> None:
    text = said(page(personas=["Ann", "Bob"]))
    assert "Ann: " in text
    assert "Friction is everyone" in text


def test_a_choice_that_is_none_falls_back(page) -> None:
    assert "CSAT, top two boxes" in said(page(survey="Nonsense", scores_by="Nowhere"))


def test_what_a_point_goes_with_is_an_association(page) -> None:
    assert "An association, not an effect" in said(page())


def test_every_card_of_an_analysis_says_what_it_shows(page) -> None:
    app = page()
    heads = [str(html.value) for html in app.get("html") if 'class="head"' in str(html.value)]
    titles = (
        "The experience curve",
        "Scores by touchpoint",
        "Score over time",
        "From satisfaction",
    )
    told = [head for head in heads if any(f'"title">{title}' in head for title in titles)]
    assert len(told) == len(titles)
    assert all('class="says"' in head for head in told)


def test_two_kinds_of_nps_are_on_no_line_together(page, shop: Business) -> None:
    app = page()
    app.session_state["satisfaction_behind"] = True
    app.run()
    assert not app.exception
    titles = said(app)
    assert "Relational NPS" in titles
    assert "Transactional NPS" in titles
    assert not shop.ask("nps_transactional").is_empty()
    assert shop.ask("nps").equals(shop.ask("nps_relational"))


def test_a_business_that_asks_after_touchpoints_alone_leads_with_that(
    business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    streamlit.cache_resource.clear()
    streamlit.cache_data.clear()
    business.deliver(
        people(
            **{
                f"p{n}": "order_completed@0 order_delivered@2 "
                f"support_contacted@3,survey=nps,score={n % 11},scale_min=0,scale_max=10"
                for n in range(60)
            }
        )
    )
    business.build()
    monkeypatch.setenv("JOURNEY_DATA", str(business.folder.root))
    app = AppTest.from_file(str(ROOT / "pages" / "satisfaction.py"), default_timeout=60)
    app.query_params["period"] = "All time"
    app.run()
    assert not app.exception
    cards = [str(html.value) for html in app.get("html") if 'class="kpi"' in str(html.value)]
    (score,) = (card for card in cards if "NPS" in card)
    assert "Transactional NPS" in score
    assert "60 responses" in score
