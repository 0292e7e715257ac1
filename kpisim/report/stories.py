"""Three one-page stories a sales director would recognise, each with numbers from paired runs.

A bonus cliff, a KPI scheme that counts revenue alone, a peak season with too few people.  What a story says is put together
from the differences of its own runs: a number that is not clear is said not to be.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from kpisim.report.page import Align, Block, paragraph, picture, section, table
from kpisim.report.shell import whole_page, write_page
from kpisim.report.words import load_level
from kpisim.show.numbers import amount, change, change_interval, is_number, rows_of
from kpisim.text import Text, t

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from kpisim.experiment import Result
    from kpisim.scenario import Scenario
    from kpisim.show.picture import Picture


REPLICATIONS = 30


@dataclass(frozen=True, slots=True)
class Story:
    """One decision and what came of it.

    Attributes
    ----------
    name, title, scene, moral
        Name in code, title, what happened, what to take home.
    base
        Scenario of the library.
    before, after
        Parameters of A and of B by path.
    kpis
        KPIs that tell it, the most telling first.
    drawn
        What is drawn of both sides beside the differences: how attainment is spread, or the load by week.
    rules
        Which rules did it, with their class.
    """

    name: str
    title: Text
    scene: Text
    moral: Text
    base: str
    before: dict[str, Any]
    after: dict[str, Any]
    kpis: tuple[str, ...]
    drawn: Literal["attainment", "workload"] | None = None
    rules: tuple[Text, ...] = field(default=())


_CSAT = {"name": "satisfaction", "kpi": "csat", "period": "quarter", "target": 0.8}
_REVENUE = {"name": "revenue", "kpi": "revenue_booked", "period": "quarter", "target": 650_000}

STORIES = (
    Story(
        "cliff",
        Text("The cliff at 100%", "100%那道坎"),
        Text(
            "The board wants quotas met. Commission goes, and a large bonus waits for whoever reaches 100% in the quarter: "
            "one yuan short, and there is nothing. Some reps are nearly there when the quarter ends, some know in the "
            "second month that they will not make it.",
            "公司想要人人达标：取消提成，季度达成率到100%就发一笔大奖，差一分钱，就一分没有。季末有人只差一点，有人第二个月就知道没戏了。",
        ),
        Text(
            "A slope pays for every deal, a cliff only for the one that crosses the line. Look at discounts and at what is "
            "moved into the next quarter before you blame anybody.",
            "按比例提成，每一单都算数；设一道坎，只有跨线的那一单才算数。先看季末让利和挪到下季的单子，别急着怪人。",
        ),
        "default",
        {"incentive": {"commission_rate": 0.03, "base_salary": 9000.0}},
        {
            "incentive": {
                "commission_rate": 0.0,
                "base_salary": 9000.0,
                "bonuses": [{"attainment": 1.0, "amount": 40_000.0}],
            }
        },
        ("revenue_booked", "pay_cost", "discount", "complaints", "csat", "collection_rate"),
        "attainment",
        (
            Text(
                "Effort follows the plan (exact for reps who reckon)",
                "努力随方案而变（对精打细算的人精确成立）",
            ),
            Text("Dates are moved where it pays (assumption on discounts)", "划算就挪日期（折扣为假设）"),
            Text("Weak deals are closed near the line (emerges)", "压线签下的带病单（涌现）"),
        ),
    ),
    Story(
        "revenue_alone",
        Text("Only revenue counts", "只看收入"),
        Text(
            "A simple scheme: one KPI, revenue, and a rich commission on it. The mixed scheme with satisfaction goes into the "
            "drawer. Sales go up at once and the director is pleased.",
            "考核从简：只看收入，提成给足；原来带满意度的方案进了抽屉。业绩立刻上来，总监很满意。",
        ),
        Text(
            "What neither pays nor scores is neglected, and customers notice before the accounts do.",
            "不算钱、不计分的事就没人用心；客户比财务报表先知道。",
        ),
        "default",
        {
            "incentive": {"commission_rate": 0.02, "kpi_bonus": 6000.0},
            "kpi.targets": [_REVENUE | {"weight": 0.6}, _CSAT | {"weight": 0.4}],
        },
        {"incentive": {"commission_rate": 0.08}, "kpi.targets": [_REVENUE | {"weight": 1.0}]},
        ("revenue_booked", "csat", "complaints", "customer_churn", "collection_rate", "pay_cost"),
        None,
        (
            Text(
                "Neglect of unpaid work (exact in the small, assumption in the large)",
                "怠慢不算钱的工作（小范围精确，整体为假设）",
            ),
            Text("Acceptance of weak deals (emerges)", "接受带病单（涌现）"),
        ),
    ),
    Story(
        "short_of_people",
        Text("Peak season, 15% too few people", "旺季少了15%的人"),
        Text(
            "Two places of thirteen are not filled before the season. The same leads and customers are shared out among those "
            "who are there. Nobody complains at first.",
            "旺季前13个岗位有2个没补上，同样多的线索和客户由在岗的人分摊。一开始没人抱怨。",
        ),
        Text(
            "The first weeks are bought with shorter contacts, overtime and energy. Before two salaries saved are called a gain, "
            "look at the pulse, at mistakes and at what is signed. Satisfaction and exits move later; where the table says that "
            "nothing is clear, these runs cannot tell.",
            "头几周靠缩短接触、加班和透支精力撑过去。先别急着算省下的两份工资：看看压力脉搏、差错和签约额。满意度和离职往往慢一拍；"
            "表中“差异不明确”的，就是这些模拟还看不出来。",
        ),
        "retail_peak",
        {"team.size": 13, "workload.admin_per_day": 6.0, "workload.outside_hours": 1.0},
        {"team.size": 11, "market.leads_per_rep_week": "×", "market.accounts_per_rep": "×", "kpi.quota": "×"},
        ("revenue_booked", "workload", "stress_pulse", "defect_rate", "csat", "staff_turnover"),
        "workload",
        (
            Text(
                "Corner-cutting and strain (published equations, links are assumptions)",
                "缩短接触与疲惫（方程已发表，后果为假设）",
            ),
            Text("Exits (assumption with benchmarks)", "离职（假设，参照行业数据）"),
        ),
    ),
)


def tell(story: Story, replications: int = REPLICATIONS, seed: int = 1) -> Block:
    """Play a story's two sides on the same luck and return its page.

    Parameters
    ----------
    story
        One of `STORIES`.
    replications, seed
        Runs of each side and seed.
    """
    import matplotlib.pyplot as plt  # noqa: PLC0415

    from kpisim import show  # noqa: PLC0415
    from kpisim.experiment import compare  # noqa: PLC0415
    from kpisim.kpi import kpis  # noqa: PLC0415

    before, after = _sides(story)
    versus = compare(before, after, replications, seed)
    names = {name: str(one.title) for name, one in kpis().items()}
    known = versus.differences.set_index("kpi")
    chosen = known.loc[[name for name in story.kpis if name in known.index]].reset_index()
    drawn = [show.differences(chosen, names, before.currency, (t("before"), t("after")))]
    sides = [picture(drawn[0])]
    for side, result in ((t("before"), versus.a), (t("after"), versus.b)):
        if story.drawn is not None:
            drawn.append(_side(story.drawn, result))
            sides.append(paragraph(side, "lead") + picture(drawn[-1]))
    page = section(
        story.name,
        str(story.title),
        paragraph(str(story.scene), "lead"),
        *sides,
        _differences(chosen, names, before.currency, replications),
        paragraph(str(story.moral)),
        paragraph(t("Rules at work: {rules}", rules=t("; ").join(str(rule) for rule in story.rules))),
    )
    for one in drawn:
        plt.close(one.figure)
    return page


def _sides(story: Story) -> tuple[Scenario, Scenario]:
    """Return both sides; where heads change, figures per head rise as heads fall, so that the work stays the same."""
    from kpisim.scenario import load  # noqa: PLC0415

    before = load(story.base).derive(story.before)
    more = before.team.size / story.after.get("team.size", before.team.size)
    moved = {
        path: _scaled(before.get(path), more) if value == "×" else value
        for path, value in story.after.items()
    }
    return before, before.derive(moved)


def _differences(chosen: pd.DataFrame, names: dict[str, str], currency: str, replications: int) -> str:
    """Return the table of differences; a KPI without a number on one side has none."""
    rows = [
        [
            names[row["kpi"]],
            amount(row["a"], row["unit"], currency),
            amount(row["b"], row["unit"], currency),
            change(row["difference"], row["unit"], currency, (row["a"], row["b"])),
            change_interval(row["low"], row["high"], row["unit"], currency),
            t("clear") if row["low"] > 0 or row["high"] < 0 else t("not clear"),
        ]
        for row in rows_of(chosen)
        if is_number(row["difference"])
    ]
    heads: list[tuple[str, Align]] = [
        (t("KPI"), "text"), (t("before"), "number"), (t("after"), "number"), (t("Difference"), "number"),
        (t("95% interval"), "number"), (t("verdict"), "text"),
    ]  # fmt: skip
    return table(t("{count} runs of each side on the same luck", count=replications), heads, rows)


def _side(drawn: Literal["attainment", "workload"], result: Result) -> Picture:
    from kpisim import show  # noqa: PLC0415

    if drawn == "attainment":
        return show.attainment(result.attainment, result.scenario.incentive.period)
    return show.workload(result.weekly, level=load_level(result))


def _scaled(value: Any, factor: float) -> Any:
    return round(value * factor) if isinstance(value, int) else value * factor


def stories_block(replications: int = REPLICATIONS, seed: int = 1) -> Block:
    """Return all stories, a section each, for a report."""
    note = paragraph(
        t("Teaching cases, figures invented; every number comes from runs of the model."), "lead"
    )
    return Block(note + "\n".join(tell(story, replications, seed).html for story in STORIES))


def stories_page(path: Path, replications: int = REPLICATIONS, seed: int = 1) -> Path:
    """Write all stories to one HTML file that needs nothing else.

    Raises
    ------
    UserError
        A file that cannot be written.
    """
    return write_page(path, whole_page(t("Three stories"), [stories_block(replications, seed).html]))
