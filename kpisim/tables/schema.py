"""The schema of every table: what a team leaves behind, simulated or real.

A column has a kind (which fixes dtype, unit and how it is read), a meaning in zh and en, and says whether it
must be there and whether it may be empty.  All times are local wall-clock times without a zone; a period
is half-open, ``[start, end)``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["id", "text", "category", "time", "money", "hours", "share", "number", "count", "flag"]

DTYPES: dict[Kind, str] = {
    "id": "str",
    "text": "str",
    "category": "category",
    "time": "datetime64[us]",
    "money": "float64",
    "hours": "float64",
    "share": "float64",
    "number": "float64",
    "count": "Int64",
    "flag": "boolean",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes
    ----------
    name, kind, en, zh
        Name, kind (see `DTYPES`), meaning in English and Chinese.
    unit
        Unit shown to users.
    required
        A foreign table without the column is refused; otherwise the column is added, empty.
    empty
        Whether single values may be missing.
    values
        Allowed values of a category; empty means any.
    low, high
        Closed range of a number; None means no bound.
    """

    name: str
    kind: Kind
    en: str
    zh: str
    unit: str = ""
    required: bool = False
    empty: bool = True
    values: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its columns, its key, and which column of another table a column points to."""

    name: str
    en: str
    zh: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    refers: tuple[tuple[str, str], ...] = ()

    def column(self, name: str) -> Column:
        """Return the column called `name`."""
        return next(column for column in self.columns if column.name == name)

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in order."""
        return tuple(column.name for column in self.columns)


def _id(name: str, en: str, zh: str, *, required: bool = False, empty: bool = True) -> Column:
    return Column(name, "id", en, zh, required=required, empty=empty)


def _key(name: str, en: str, zh: str) -> Column:
    return Column(name, "id", en, zh, required=True, empty=False)


def _time(name: str, en: str, zh: str, *, required: bool = False, empty: bool = True) -> Column:
    return Column(name, "time", en, zh, required=required, empty=empty)


def _money(name: str, en: str, zh: str, **more: object) -> Column:
    return Column(name, "money", en, zh, unit="money", **more)  # type: ignore[arg-type]


_REP = _id("rep_id", "Rep", "销售代表")
_ACCOUNT = _id("account_id", "Customer", "客户")
_OPPORTUNITY = _id("opportunity_id", "Opportunity", "商机")

REPS = Table(
    "reps",
    "One row per rep",
    "每名销售代表一行",
    ("rep_id",),
    (
        _key("rep_id", "Rep", "销售代表"),
        Column("team", "text", "Team", "团队"),
        _time("hired", "Hired on", "入职日期"),
        _time("left", "Left on; empty while employed", "离职日期（在职为空）"),
    ),
)
OPPORTUNITIES = Table(
    "opportunities",
    "One row per opportunity (lead)",
    "每个商机（线索）一行",
    ("opportunity_id",),
    (
        _key("opportunity_id", "Opportunity", "商机"),
        _ACCOUNT,
        _REP,
        Column("source", "category", "Where it came from", "来源"),
        _time("created", "Created", "创建时间", required=True, empty=False),
        _time("closed", "Won or lost on; empty while open", "赢单/丢单时间（未关闭为空）"),
        Column("stage", "category", "Last stage reached", "最后到达的阶段"),
        Column(
            "status",
            "category",
            "open, won or lost",
            "状态：进行中、赢单、丢单",
            required=True,
            empty=False,
            values=("open", "won", "lost"),
        ),
        _money("value", "Value asked or signed", "金额"),
        Column(
            "discount",
            "share",
            "Extra discount given, share of price",
            "额外折扣比例",
            unit="share",
            low=0,
            high=1,
        ),
        Column("existing", "flag", "Whether the customer had bought before", "是否老客户"),
        Column("reason", "category", "Why it was lost", "丢单原因"),
    ),
    (("rep_id", "reps"), ("account_id", "accounts")),
)
STAGE_CHANGES = Table(
    "stage_changes",
    "One row each time an opportunity enters a stage",
    "商机每进入一个阶段一行",
    ("opportunity_id", "stage"),
    (
        _key("opportunity_id", "Opportunity", "商机"),
        Column("stage", "category", "Stage entered", "进入的阶段", required=True, empty=False),
        _time("entered", "When", "进入时间", required=True, empty=False),
        _REP,
    ),
    (("opportunity_id", "opportunities"),),
)
ORDERS = Table(
    "orders",
    "One row per order",
    "每个订单一行",
    ("order_id",),
    (
        _key("order_id", "Order", "订单"),
        _id("account_id", "Customer", "客户", required=True, empty=False),
        _REP,
        _OPPORTUNITY,
        _time("booked", "Signed on", "签约时间", required=True, empty=False),
        _time("delivered", "Delivered on", "交付时间"),
        _time("invoiced", "Invoiced on", "开票时间"),
        _time("cancelled", "Cancelled on", "取消时间"),
        _money(
            "value",
            "Net value; a return or credit note is negative",
            "净额（退货或红字为负）",
            required=True,
            empty=False,
        ),
        _money("cost", "Cost of goods", "成本"),
        Column(
            "discount",
            "share",
            "Extra discount given, share of price",
            "额外折扣比例",
            unit="share",
            low=0,
            high=1,
        ),
    ),
    (("rep_id", "reps"), ("account_id", "accounts"), ("opportunity_id", "opportunities")),
)
COLLECTIONS = Table(
    "collections",
    "One row per payment due",
    "每笔应收一行",
    ("order_id",),
    (
        _key("order_id", "Order", "订单"),
        _ACCOUNT,
        _REP,
        _time("due", "Due on; empty in a list of what came in", "到期日（只有到账记录时为空）"),
        _time("paid", "Paid on; empty while owed", "回款日（未回款为空）"),
        _money("amount", "Amount due", "应收金额", required=True, empty=False),
        _money(
            "received", "Of it received so far; empty: all of it once paid", "已收金额（空：回款后即全额）"
        ),
    ),
    (("order_id", "orders"),),
)
ACCOUNTS = Table(
    "accounts",
    "One row per customer",
    "每个客户一行",
    ("account_id",),
    (
        _key("account_id", "Customer", "客户"),
        _REP,
        _time("since", "First order on; empty for a prospect", "首单时间（潜在客户为空）"),
        _time("left", "Lost on", "流失时间"),
        Column(
            "satisfaction",
            "number",
            "Satisfaction at the end, 1 to 5",
            "期末满意度（1–5）",
            unit="points",
            low=1,
            high=5,
        ),
    ),
    (("rep_id", "reps"),),
)
COMPLAINTS = Table(
    "complaints",
    "One row per complaint",
    "每个客诉一行",
    ("complaint_id",),
    (
        _key("complaint_id", "Complaint", "客诉"),
        _ACCOUNT,
        _id("order_id", "Order", "订单"),
        _REP,
        _time("opened", "Opened", "提出时间", required=True, empty=False),
        _time("answered", "Answered; empty while open", "答复时间（未答复为空）"),
        Column("handling", "category", "How it was handled", "处理结果", values=("none", "slow", "quick")),
    ),
    (("account_id", "accounts"), ("order_id", "orders"), ("rep_id", "reps")),
)
SURVEYS = Table(
    "surveys",
    "One row per answer; answers of employees carry no person",
    "每份答卷一行；员工答卷不记名",
    ("survey_id",),
    (
        _key("survey_id", "Answer", "答卷"),
        Column(
            "question",
            "category",
            "csat or pulse",
            "问题（csat 客户满意度、pulse 压力脉搏）",
            required=True,
            empty=False,
        ),
        _ACCOUNT,
        _REP,
        _time("answered", "When", "答复时间", required=True, empty=False),
        Column(
            "score",
            "count",
            "Answer, 1 to 5; empty for blank",
            "评分1–5（空白为空）",
            unit="points",
            low=1,
            high=5,
        ),
    ),
    (("account_id", "accounts"),),
)
TASKS = Table(
    "tasks",
    "One row per task of a rep",
    "销售代表的每项任务一行",
    ("task_id",),
    (
        _key("task_id", "Task", "任务"),
        _id("rep_id", "Rep", "销售代表", required=True, empty=False),
        Column("kind", "category", "Kind of work", "工作类别", required=True, empty=False),
        _time("created", "Came in", "产生时间", required=True, empty=False),
        _time("due", "Due", "到期时间"),
        _time("started", "Started; empty while waiting", "开始时间（等待中为空）"),
        _time("finished", "Finished; empty while not done", "完成时间（未完成为空）"),
        Column(
            "hours", "hours", "Hours of work, interruptions left out", "净工时（不含打断）", unit="h", low=0
        ),
        Column(
            "spent", "hours", "Hours spent, interruptions counted", "实际占用工时（含打断）", unit="h", low=0
        ),
        Column("important", "flag", "Important", "重要"),
        _money("value", "Value at stake", "相关金额"),
        _OPPORTUNITY,
    ),
    (("rep_id", "reps"), ("opportunity_id", "opportunities")),
)
REQUESTS = Table(
    "requests",
    "One row per request to a department",
    "向部门提出的每个请求一行",
    ("request_id",),
    (
        _key("request_id", "Request", "请求"),
        Column("department", "category", "Department", "部门", required=True, empty=False),
        _REP,
        _OPPORTUNITY,
        _id("order_id", "Order", "订单"),
        _time("submitted", "Submitted", "提出时间", required=True, empty=False),
        _time("finished", "Finished right; empty while open", "正确完成时间（未完成为空）"),
        Column("rounds", "count", "Times it went through the desk", "经手次数", low=0),
    ),
    (("opportunity_id", "opportunities"), ("order_id", "orders")),
)
TRAININGS = Table(
    "trainings",
    "One row per rep and training",
    "每人每次培训一行",
    ("rep_id", "held"),
    (
        _key("rep_id", "Rep", "销售代表"),
        _time("held", "When", "时间", required=True, empty=False),
        Column("hours", "hours", "Hours", "小时", unit="h", low=0),
    ),
    (("rep_id", "reps"),),
)
PAY = Table(
    "pay",
    "One row per rep and pay period",
    "每人每个薪酬周期一行",
    ("rep_id", "period_start"),
    (
        _key("rep_id", "Rep", "销售代表"),
        _time("period_start", "Period from", "周期开始", required=True, empty=False),
        _time("period_end", "Period to (first day after)", "周期结束（次日）", required=True, empty=False),
        _money("quota", "Quota", "指标"),
        _money("sales", "Booked sales credited", "计入业绩的签约额"),
        _money("base", "Base salary", "底薪"),
        _money("commission", "Commission", "提成"),
        _money("bonus", "Lump sums", "达标奖金"),
        _money("matrix", "Attainment × collection bonus", "达成率×回款率奖金"),
        _money("kpi_bonus", "KPI bonus", "KPI奖金"),
        _money("pool", "Share of the team pool", "团队奖金"),
        _money("contest", "Contest prize", "竞赛奖金"),
        _money("culture", "Change through the culture share", "文化占比调整"),
        _money("total", "Total pay", "薪酬合计", required=True, empty=False),
        Column("culture_score", "share", "Culture score used", "文化评分", unit="share", low=0, high=1),
        Column("collection_rate", "share", "Collection rate used", "回款率", unit="share", low=0),
    ),
    (("rep_id", "reps"),),
)
TARGETS = Table(
    "targets",
    "One row per target of a rep, team or company",
    "个人、团队或公司的每个目标一行",
    ("name", "rep_id", "period_start"),
    (
        _key("name", "Target", "目标"),
        Column("kpi", "category", "KPI", "KPI", required=True, empty=False),
        Column("level", "category", "Level", "层级", values=("company", "team", "person")),
        _REP,
        _time("period_start", "Period from", "周期开始", required=True, empty=False),
        _time("period_end", "Period to (first day after)", "周期结束（次日）", required=True, empty=False),
        Column("target", "number", "Target value", "目标值", required=True, empty=False),
        Column("weight", "share", "Weight", "权重", unit="share", low=0),
    ),
)
REP_DAYS = Table(
    "rep_days",
    "One row per rep and working day",
    "每人每个工作日一行",
    ("rep_id", "day"),
    (
        _key("rep_id", "Rep", "销售代表"),
        _time("day", "Day", "日期", required=True, empty=False),
        Column("available", "hours", "Hours available", "可用工时", unit="h", low=0),
        Column("worked", "hours", "Hours busy", "忙碌工时", unit="h", low=0),
        Column("planned", "hours", "Hours of work that came in", "当日新增工作量（小时）", unit="h", low=0),
        Column("backlog", "count", "Tasks waiting at the end of the day", "日终积压任务数", low=0),
        Column("effort", "share", "Incentive effort, relative", "激励带来的努力（相对）", unit="share"),
    ),
    (("rep_id", "reps"),),
)

FINANCE = Table(
    "finance",
    "One row per period of the firm's books",
    "公司账目每期一行",
    ("period_start",),
    (
        _time("period_start", "Period from", "期间开始", required=True, empty=False),
        _time("period_end", "Period to (first day after)", "期间结束（次日）", required=True, empty=False),
        _money("revenue", "Revenue, tax excluded", "营业收入（不含税）", required=True, empty=False),
        _money("cost_of_goods", "Cost of goods sold", "营业成本"),
        _money("operating_expenses", "Operating expenses", "期间费用"),
        _money("finance_cost", "Finance cost", "财务费用"),
        _money("tax", "Income tax", "所得税"),
        _money("other_income", "Other income", "其他收益"),
        _money("assets_open", "Total assets at the start", "期初总资产"),
        _money("assets_close", "Total assets at the end", "期末总资产"),
    ),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        REPS,
        OPPORTUNITIES,
        STAGE_CHANGES,
        ORDERS,
        COLLECTIONS,
        ACCOUNTS,
        COMPLAINTS,
        SURVEYS,
        TASKS,
        REQUESTS,
        TRAININGS,
        PAY,
        TARGETS,
        REP_DAYS,
        FINANCE,
    )
}
