"""The pay statement as a page: the drawn curve is the function, the steps add up, winners and losers are counted."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from kpisim.cli import main
from kpisim.kpi.paying import plans_compared, statement
from kpisim.model import Model
from kpisim.model.pay import goal, payout_curve
from kpisim.report.pay import curve_picture, plan_parts, statement_parts
from kpisim.scenario import load
from kpisim.scenario.incentive import Incentive
from kpisim.show.money import statement_picture, winners_picture
from kpisim.tables import Meta, Tables, conform, write
from kpisim.text import UserError, language, set_language

if TYPE_CHECKING:
    from pathlib import Path

PLAN = {
    "incentive.bonuses": [{"attainment": 0.8, "amount": 4000}],
    "incentive.tiers": [{"attainment": 1.0, "rate": 0.05}],
    "incentive.culture_share": 0.2,
}


@pytest.fixture(scope="module")
def played() -> Tables:
    return Model(load("default").derive({"team.size": 4, "calendar.weeks": 26, **PLAN}), 3, 0).play()


def by_hand(plan: Incentive, reach: float, quota: float) -> float:
    """Return variable pay in plain arithmetic: marginal tiers, accelerator, lump sums, matrix, KPI bonus, pool."""
    if reach < plan.threshold:
        return plan.team_pool_rate * reach * quota
    most = min(reach, plan.cap) if plan.cap is not None else reach
    rates = [(0.0, plan.commission_rate), *((tier.attainment, tier.rate) for tier in plan.tiers)]
    paid = 0.0
    for place, (low, rate) in enumerate(rates):
        high = rates[place + 1][0] if place + 1 < len(rates) else np.inf
        below = max(min(most, high, 1.0) - low, 0.0)
        above = max(min(most, high) - max(low, 1.0), 0.0)
        paid += rate * quota * (below + plan.accelerator * above)
    paid += sum(bonus.amount for bonus in plan.bonuses if reach >= bonus.attainment)
    paid += plan.kpi_bonus * min(reach, 1.2)
    return paid + plan.team_pool_rate * reach * quota


@pytest.mark.theory
@pytest.mark.parametrize(
    "changes",
    [
        {},
        PLAN,
        {"incentive.threshold": 0.5, "incentive.cap": 1.5, "incentive.accelerator": 2.0},
        {"incentive.kpi_bonus": 2500, "incentive.team_pool_rate": 0.004},
    ],
)
def test_the_drawn_curve_is_the_function_from_0_to_200_percent(changes: dict[str, Any]) -> None:
    plan = load("default").derive(changes).incentive
    quota = 650_000.0
    (axes,) = curve_picture(quota, plan, "CNY").figure.axes
    x, y = (np.asarray(data, dtype=float) for data in axes.lines[0].get_data())
    # Every per cent, and the foot of each step.
    assert (x[0], x[-1]) == (0.0, 2.0)
    assert len(x) - 201 == len(plan.bonuses) + (plan.threshold > 0)
    np.testing.assert_allclose(y, goal(plan, x * quota, quota), rtol=0, atol=1e-9)
    assert plan.tier_mode == "marginal"
    assert plan.matrix.base == 0
    np.testing.assert_allclose(y, [by_hand(plan, reach, quota) for reach in x], rtol=1e-9, atol=1e-6)


@pytest.mark.functional
def test_the_steps_of_a_statement_are_drawn_to_the_total(played: Tables) -> None:
    plan = load("default").derive(PLAN).incentive
    rep = str(played["pay"]["rep_id"].iloc[0])
    made = statement(played, plan, rep)
    (axes,) = statement_picture(made, "CNY").figure.axes
    bars = axes.patches
    assert len(bars) == len(made.steps) + 1
    level = 0.0
    for bar, step in zip(bars, made.steps, strict=False):
        assert bar.get_x() == pytest.approx(min(level, level + step.amount))  # type: ignore[attr-defined]
        level += step.amount
    assert level == pytest.approx(made.total, abs=0.01)
    for lang, words in (("en", "Payout curve"), ("zh", "薪酬曲线")):
        with language(lang):  # type: ignore[arg-type]
            page = "\n".join(statement_parts(made, plan, "CNY"))
        assert words in page
        assert f"{made.total:,.2f}" in page


@pytest.mark.functional
def test_winners_and_losers_are_those_of_the_table(played: Tables) -> None:
    now = load("default").derive(PLAN).incentive
    other = now.model_copy(update={"commission_rate": 0.0})
    frame = plans_compared(played, now, other)
    shown = winners_picture(frame, "CNY")
    lose = int((frame["difference"] < -0.005).sum())
    assert f"{int((frame['difference'] > 0.005).sum())} gain, {lose} lose" in shown.title
    assert lose > 0
    assert "less" in shown.title
    bars = [bar.get_width() for bar in shown.figure.axes[0].patches]  # type: ignore[attr-defined]
    np.testing.assert_allclose(bars, frame["difference"])
    page = "\n".join(plan_parts(played, now, other, "CNY"))
    assert page.count("<figure>") == 2
    assert "Winners and losers" not in "\n".join(plan_parts(played, now, None, "CNY"))


@pytest.mark.functional
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_needs_nothing_else(
    played: Tables, tmp_path: Path, lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write(played, tmp_path / "tables")
    rep = str(played["pay"]["rep_id"].iloc[0])
    for more in (["--rep", rep], ["-p", "incentive.commission_rate=0.01"], []):
        out = tmp_path / f"{len(more)}{more[:1]}.html"
        with pytest.raises(SystemExit) as ended:
            main(["pay", str(tmp_path / "tables"), "default", *more, "-o", str(out), "--lang", lang])
        assert ended.value.code == 0
        page = out.read_text(encoding="utf-8")
        assert not re.search(r"""(?:src|href)=["'](?!data:|#)""", page)
        assert "<script" not in page
        if lang == "zh":
            assert "Payout" not in page
    with pytest.raises(SystemExit) as ended:
        main(["pay", str(tmp_path / "tables"), "default", "-o", str(tmp_path / "x.doc"), "--lang", lang])
    assert ended.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1
    set_language("en")


@pytest.mark.unit
def test_a_curve_by_hand() -> None:
    plan = Incentive(commission_rate=0.1, bonuses=({"attainment": 1.0, "amount": 50.0},))  # type: ignore[arg-type]
    curve = payout_curve(plan, 1000.0, 5)
    expected = pd.Series([0.0, 50.0, 150.0, 200.0, 250.0])
    np.testing.assert_allclose(curve["pay"], expected)


def paid(*rows: dict[str, Any]) -> Tables:
    base = {"period_start": "2027-01-01", "period_end": "2027-04-01", "base": 3000.0}
    meta = Meta(date(2027, 1, 1), date(2027, 4, 1))
    return Tables(meta, {"pay": conform("pay", pd.DataFrame([base | row for row in rows]))})


def cells(html: str, caption: str) -> list[list[str]]:
    """Return the text of the table below `caption`, a list a row."""
    whole = next(one for one in re.findall(r"<table.*?</table>", html, re.DOTALL) if caption in one)
    rows = re.findall(r"<tr.*?</tr>", whole, re.DOTALL)[1:]
    return [
        [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL)]
        for row in rows
    ]


@pytest.mark.unit
def test_a_statement_by_hand() -> None:
    plan = Incentive(base_salary=1000, commission_rate=0.1, kpi_bonus=50)
    row = {"rep_id": "a", "quota": 100.0, "sales": 110.0, "commission": 12.0, "kpi_bonus": 50.0}
    page = "\n".join(statement_parts(statement(paid(row | {"total": 3062.0}), plan, "a"), plan, "CNY"))
    steps = cells(page, "From KPI to money")
    assert [(name, amount, again) for name, amount, _, again in steps] == [
        ("Base salary", "3,000.00", "as paid, for the days employed"),
        ("Commission", "12.00", "11.00"),
        ("KPI bonus", "50.00", "hangs on a score or on others&#x27; sales"),
        ("Total pay", "3,062.00", "✓"),
    ]
    assert "Sales 110.00, quota 100.00: attainment 110.0%" in page
    # 10 % of what was sold, and 50 by attainment up to 120 %.
    assert cells(page, "Variable pay by attainment") == [
        ["0%", "0.00"], ["25%", "15.00"], ["50%", "30.00"], ["75%", "45.00"], ["100%", "60.00"],
        ["125%", "72.50"], ["150%", "75.00"], ["175%", "77.50"], ["200%", "80.00"],
    ]  # fmt: skip
    wrong = statement_parts(statement(paid(row | {"total": 3000.0}), plan, "a"), plan, "CNY")
    assert cells("\n".join(wrong), "From KPI to money")[-1] == ["Total pay", "3,000.00", "", "3,062.00"]
    none = statement(paid(row | {"quota": 0.0, "total": 3062.0}), plan, "a")
    page = "\n".join(statement_parts(none, plan, "CNY"))
    assert "<ul></ul>" not in page
    assert "Sales 110.00" not in page
    # The last day of the period, as in its heading.
    assert page.count("2027-01-01 to 2027-03-31") == 1
    assert "1 Jan 2027 to 31 Mar 2027: each bar" in page
    assert "Payout curve" not in page


@pytest.mark.unit
def test_a_plan_by_hand() -> None:
    now = Incentive(base_salary=1000, commission_rate=0.1)
    other = Incentive(
        base_salary=1000,
        commission_rate=0.0,
        bonuses=({"attainment": 1.0, "amount": 30.0},),  # type: ignore[arg-type]
    )
    rows = [
        {"rep_id": name, "quota": quota, "sales": sold, "total": 3000.0}
        for name, quota, sold in (("a", 100.0, 110.0), ("b", 300.0, 200.0), ("new", 0.0, 5.0))
    ]
    page = "\n".join(plan_parts(paid(*rows), now, other, "CNY"))
    # The mean quota of those who have one.
    assert "Quota of the period 200.00" in page
    curve = cells(page, "Variable pay by attainment")
    assert (curve[3], curve[4], len(curve)) == (["75%", "15.00", "0.00"], ["100%", "20.00", "30.00"], 9)
    assert cells(page, "Own parts of pay") == [
        ["b", "200.00", "3,020.00", "3,000.00", "-20.00"],
        ["a", "110.00", "3,011.00", "3,030.00", "+19.00"],
    ]
    page = "\n".join(plan_parts(paid(rows[2]), now, None, "CNY"))
    assert "Payout curve" not in page
    # Both curves have the foot of their steps.
    (axes,) = curve_picture(200.0, other, "CNY", other).figure.axes
    assert [len(np.asarray(line.get_xdata())) for line in axes.lines[:2]] == [202, 202]


@pytest.mark.unit
def test_a_plan_that_pays_by_another_period_is_not_laid_over_these_sales() -> None:
    now = Incentive(base_salary=1000, commission_rate=0.1)
    row = {"rep_id": "a", "quota": 100.0, "sales": 110.0, "total": 3011.0}
    with pytest.raises(UserError, match=r"incentive\.period: month instead of quarter"):
        plan_parts(paid(row), now, now.model_copy(update={"period": "month"}), "CNY")
