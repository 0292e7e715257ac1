"""Working time: dates, working days, hours, fiscal year."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Self

from pydantic import Field, model_validator

from kpisim.scenario.fields import Section, broken, par


class Calendar(Section):
    """When the team works.  Simulated time runs in working hours; nights and days off take no time."""

    start: date = par(
        date(2027, 1, 4),
        unit="date",
        ge=date(1980, 1, 1),
        le=date(2200, 1, 1),
        en="First day of the reported horizon",
        zh="统计期第一天",
    )
    weeks: int = par(
        52, unit="week", ge=1, le=520, en="Length of the reported horizon", zh="统计期长度（周）"
    )
    warmup_weeks: int = par(
        13,
        unit="week",
        ge=0,
        le=104,
        en="Weeks played before the horizon so that pipelines are filled; not reported",
        zh="预热周数：正式统计前先运行，让销售漏斗填满，不计入结果",
        source="Law & Kelton, Simulation Modeling and Analysis: delete the initial transient",
    )
    hours_per_day: float = par(8.0, unit="h/day", gt=0, le=24, en="Working hours a day", zh="每天工作小时数")
    workdays: tuple[Annotated[int, Field(ge=0, le=6)], ...] = par(
        (0, 1, 2, 3, 4),
        unit="weekday",
        min_length=1,
        max_length=7,
        en="Working weekdays, 0 = Monday",
        zh="工作日（0 = 周一）",
    )
    holidays: tuple[date, ...] = par(
        (), unit="date", max_length=400, en="Days off on working weekdays", zh="放假日（原为工作日）"
    )
    extra_workdays: tuple[date, ...] = par(
        (), unit="date", max_length=400, en="Working days on weekends (swapped days)", zh="调休上班日"
    )
    fiscal_year_start: int = par(
        1, unit="month", ge=1, le=12, en="First month of the fiscal year", zh="财年从几月开始"
    )

    @model_validator(mode="after")
    def _there_is_a_day_to_work(self) -> Self:
        first = self.start - timedelta(weeks=self.warmup_weeks)
        days = (first + timedelta(days=k) for k in range(7 * (self.warmup_weeks + self.weeks)))
        off, extra = set(self.holidays), set(self.extra_workdays)
        if not any(day in extra or (day.weekday() in self.workdays and day not in off) for day in days):
            raise broken(
                "holidays", "no working day is left; take a day off the list or lengthen the horizon"
            )
        return self
