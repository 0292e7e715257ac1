"""Figures say what the data say, in both languages, with every glyph drawn."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from kpisim import show
from kpisim.text import LANGUAGES, language

if TYPE_CHECKING:
    from collections.abc import Callable

    from kpisim.show import Picture

pytestmark = pytest.mark.unit

START, END = date(2027, 1, 1), date(2028, 1, 1)
NAMES = {"revenue_booked": "签约额 Bookings", "csat": "客户满意度 CSAT"}
MAKERS: dict[str, tuple[str, Callable[[Any], Picture]]] = {
    "kpis": ("kpis", lambda data: show.kpi_intervals(data, NAMES)),
    "attainment": ("attainments", show.attainment),
    "pipeline": ("weekly", show.pipeline),
    "workload": ("weekly", show.workload),
    "pay curve": ("curve", show.pay_curve),
    "two pay curves": (
        "curve",
        lambda data: show.pay_curve(
            data, other=data.assign(pay=data["pay"] * 1.5), labels=("原方案", "changed"), period="month"
        ),
    ),
    "pay cost": ("attainments", show.pay_cost),
    "differences": ("differences", lambda data: show.differences(data, NAMES, labels=("原方案", "B"))),
    "conversion": ("opportunities", lambda data: show.conversion(data, START, END)),
    "revenue": ("orders", lambda data: show.revenue(data, START, END)),
    "repurchase": ("orders", lambda data: show.repurchase(data, START, END)),
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", MAKERS)
def test_every_figure_renders_small_without_a_missing_glyph(
    name: str, lang: Any, request: pytest.FixtureRequest
) -> None:
    fixture, make = MAKERS[name]
    with language(lang):
        shown = make(request.getfixturevalue(fixture))
    # Rendered outside the language block: the picture must remember. Warnings are errors in this suite.
    image = shown.png()
    assert image.startswith(b"\x89PNG")
    assert len(image) < 60_000
    assert len(shown.alt) > len(shown.title) > 10
    assert not re.search(r"nan|inf\b|\{|\}", shown.alt + shown.title + shown.note)
    if lang == "zh":
        left = re.sub(
            r"KPI|P10|P90|CNY|CSAT|Bookings|changed|conversion_closed|new_customers|\bB\b",
            "",
            shown.title + shown.alt + shown.note,
        )
        assert not re.findall(r"[A-Za-z]{2,}", left)


@pytest.mark.parametrize("name", MAKERS)
def test_every_figure_says_its_title_and_leaves_no_global_state(
    name: str, request: pytest.FixtureRequest
) -> None:
    import matplotlib as mpl
    from matplotlib import pyplot as plt

    before = dict(mpl.rcParams)
    fixture, make = MAKERS[name]
    shown = make(request.getfixturevalue(fixture))
    shown.png(40)
    assert dict(mpl.rcParams) == before
    assert plt.get_fignums() == []
    drawn = shown.figure.get_suptitle().replace("\n", " ")
    assert drawn.replace(" ", "") == shown.title.replace(" ", "")


@pytest.mark.parametrize("name", MAKERS)
def test_no_text_is_cut_at_the_edge_of_the_figure(name: str, request: pytest.FixtureRequest) -> None:
    from matplotlib.text import Text

    fixture, make = MAKERS[name]
    for lang in LANGUAGES:
        with language(lang):
            shown = make(request.getfixturevalue(fixture))
            shown.png()
            shown.figure.set_dpi(144)
            page = shown.figure.bbox
            for text in shown.figure.findobj(Text):
                assert isinstance(text, Text)
                if not text.get_visible() or not text.get_text().strip():
                    continue
                box = text.get_window_extent()
                ticks = any(
                    text in axes.get_xticklabels() + axes.get_yticklabels() for axes in shown.figure.axes
                )
                if ticks:  # labels of ticks outside the range exist but are not drawn
                    continue
                assert box.x0 > page.x0 - 2, text.get_text()
                assert box.x1 < page.x1 + 2, text.get_text()
                assert box.y1 < page.y1 + 2, text.get_text()


@pytest.mark.parametrize("medium", ["screen", "projector", "print"])
def test_type_grows_on_the_projector(medium: show.Medium, weekly: pd.DataFrame) -> None:
    shown = show.workload(weekly, medium)
    sizes = {"screen": 12, "projector": 14, "print": 9}
    assert shown.figure.axes[0].yaxis.label.get_fontsize() == pytest.approx(sizes[medium], abs=3)
    assert shown.png(40)


def test_kpi_title_counts_the_sure_and_names_the_least_sure(kpis: pd.DataFrame) -> None:
    shown = show.kpi_intervals(kpis, {"new_customers": "New customers"})
    assert shown.title == "3 of 4 KPIs are known to within ±5%; least certain: New customers (±9.1%)"
    assert shown.note.endswith("Not drawn, because they have no spread or no number: 1; see the table.")


def test_attainment_names_the_share_at_quota(attainments: pd.DataFrame) -> None:
    shown = show.attainment(attainments)
    assert shown.title.startswith("50% of rep-quarters reach the quota")
    assert "640 rep-quarters" in shown.alt


def test_a_result_just_at_quota_counts_as_reached() -> None:
    frame = pd.DataFrame({"attainment": [1.0, 0.999, None]})
    assert show.attainment(frame, "month").title.startswith("50% of rep-months reach the quota")


def test_pipeline_growth_is_told(weekly: pd.DataFrame) -> None:
    assert show.pipeline(weekly).title.startswith("The pipeline grows from CNY 4.1")
    flat = weekly.assign(open_value=5e6)
    assert show.pipeline(flat).title == "The pipeline stays level at about CNY 5.00m"
    falling = weekly.assign(open_value=9e6 - weekly["open_opportunities"] * 5e4)
    assert show.pipeline(falling).title.startswith("The pipeline shrinks from")


def test_load_names_the_weeks_above_the_band(weekly: pd.DataFrame) -> None:
    assert "above 100% in 6 of 52 weeks" in show.workload(weekly).title
    assert show.workload(weekly.assign(load=0.9)).title == "The load averages 90% and never passes 100%"
    assert "there is room" in show.workload(weekly.assign(load=0.6)).title
    # As the table beside it tells the KPI, whatever its weeks come to.
    assert show.workload(weekly.assign(load=0.9), level=0.874).title.startswith("The load averages 87%")


@pytest.mark.parametrize(
    ("pay", "says"),
    [
        (
            lambda x: 10_000 * x,
            "Reaching the quota pays CNY 10,000 a quarter; each further 10% pays CNY 1,000",
        ),
        (lambda x: 10_000 * x + 10_000 * (x - 1).clip(lower=0), "2.0 times as much as before"),
        # A bonus on the score ends at 120% of target: what is said holds as far as it holds.
        (
            lambda x: 4_500 * x + 2_250 * (x - 1).clip(lower=0) + 2_500 * x.clip(upper=1.2),
            (
                "Reaching the quota pays CNY 7,000 a quarter; "
                "beyond it each further 10% pays 1.3 times as much as before, up to 120%"
            ),
        ),
        (lambda x: 10_000 * x.clip(upper=1.5), "each further 10% pays CNY 1,000, up to 150%"),
        (lambda x: 10_000 * x.clip(upper=1), "more sales pay nothing more"),
        (lambda x: 1_000 * x + 9_000.0 * (x >= 1), "comes from crossing 100%"),
        (lambda x: 0 * x, "no variable pay"),
    ],
)
def test_pay_curve_names_its_kink(pay: Callable[[pd.Series], pd.Series], says: str) -> None:
    x = pd.Series([k / 100 for k in range(201)])
    assert show.pay_curve(pd.DataFrame({"attainment": x, "pay": pay(x)})).title.endswith(says)


def test_pay_cost_is_a_share_of_summed_sales() -> None:
    frame = pd.DataFrame(
        {
            "run": [0, 0],
            "period_start": pd.to_datetime(["2027-01-01", "2027-04-01"]),
            "pay": [10.0, 10.0],
            "sales": [100.0, 300.0],
        }
    )
    assert show.pay_cost(frame).title == "Pay costs CNY 20 over the horizon, 5.0% of booked sales"


def test_differences_are_clear_only_where_the_interval_leaves_out_zero(differences: pd.DataFrame) -> None:
    shown = show.differences(differences, {"csat": "CSAT"})
    assert "2 of 3 KPIs differ clearly" in shown.title
    assert "CSAT −2.0 points (−3.0 to −1.0 points, clear)" in shown.alt


def test_conversion_by_hand(opportunities: pd.DataFrame) -> None:
    shown = show.conversion(opportunities, START, END)
    assert shown.title.startswith("Of 100 opportunities 30% are won, 50% lost and 20% still open")
    assert "up to 20 days" in shown.title


def test_revenue_takes_a_cancelled_order_off_in_its_month() -> None:
    orders = pd.DataFrame(
        {
            "account_id": ["a", "b", "c"],
            "booked": pd.to_datetime(["2027-01-10", "2027-01-20", "2027-03-05"]),
            "cancelled": [pd.NaT, pd.Timestamp("2027-02-02"), pd.NaT],
            "value": [100.0, 50.0, 120.0],
        }
    )
    shown = show.revenue(orders, date(2027, 1, 1), date(2027, 4, 1))
    assert shown.title.startswith("CNY 220 signed; the best month is Jan 2027 with CNY 150")
    assert "Weakest month Feb 2027 with CNY −50" in shown.alt.replace("−CNY 50", "CNY −50")


def test_repurchase_by_hand_and_the_unripe_month_left_out(orders: pd.DataFrame) -> None:
    shown = show.repurchase(orders, START, END)
    assert shown.title.startswith("50% of a month's customers buy again")
    assert "55 of 110 customer-months" in shown.alt


def test_one_month_of_repurchase_is_told_and_not_drawn(orders: pd.DataFrame) -> None:
    first = orders["booked"].min().to_period("M").start_time
    shown = show.repurchase(orders, first.date(), (first + pd.DateOffset(months=2)).date())
    assert "of the customers of" in shown.title
    assert not [line for axes in shown.figure.axes for line in axes.lines]


@pytest.mark.parametrize("name", [name for name in MAKERS if "curve" not in name])  # a plan always has one
def test_nothing_to_draw_is_said_in_words(name: str, request: pytest.FixtureRequest) -> None:
    fixture, make = MAKERS[name]
    empty = request.getfixturevalue(fixture).iloc[:0]
    shown = make(empty)
    assert shown.title.startswith("No ")
    assert shown.png(40)


def test_html_escapes_what_a_user_wrote(kpis: pd.DataFrame) -> None:
    shown = show.kpi_intervals(kpis, {"new_customers": '"><script>x</script>'})
    html = shown.html()
    assert "<script>" not in html
    assert html.count("<img") == 1
    assert 'alt="' in html


def test_svg_is_reproducible_and_needs_no_font(curve: pd.DataFrame) -> None:
    first, second = (show.pay_curve(curve).svg() for _ in range(2))
    assert first == second
    assert "<text" not in first
