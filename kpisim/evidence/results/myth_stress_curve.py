"""The claim that a middling level of pressure is best (Yerkes-Dodson)."""

from __future__ import annotations

from kpisim.evidence.case import Case, Row, myth, shown
from kpisim.model.hours import output
from kpisim.text import Text


def myth_stress_curve(
    low: float = 20.0,
    middle: float = 49.0,
    long: float = 63.0,
    *,
    seed: int = 1,  # noqa: ARG001  (every case takes a seed)
) -> list[Row]:
    """Output per hour along the working week, where the claim would have a peak in the middle.

    Parameters
    ----------
    low, middle, long
        Weekly hours.
    seed
        Not used: nothing is random.

    Notes
    -----
    Pencavel's curve is the one measured relation of pressure and output in the model: flat, then falling.
    """
    per_hour = {hours: output(hours) / hours for hours in (low, middle, long)}
    return [
        myth(
            Text(
                "output per hour at {b:g} h ÷ at {a:g} h, less 1",
                "每小时产出，每周{b:g}小时÷{a:g}小时，减1",
                a=low,
                b=middle,
            ),
            per_hour[middle] / per_hour[low] - 1.0,
            0.05,
            (0.02, float("inf")),
        ),
        shown(
            Text(
                "output per hour at {b:g} h ÷ at {a:g} h, less 1",
                "每小时产出，每周{b:g}小时÷{a:g}小时，减1",
                a=middle,
                b=long,
            ),
            per_hour[long] / per_hour[middle] - 1.0,
            -0.05,
        ),
    ]


CASE = Case(
    "myth_stress_curve",
    Text(
        "‘A middling level of stress is best’ (Yerkes-Dodson)",
        "“压力适中时表现最好”（耶克斯–多德森）",
    ),
    "myth",
    "Yerkes & Dodson 1908: discrimination learning in mice (from memory); against Pencavel 2015, Economic Journal 125:2052",
    myth_stress_curve,
    status="read in a secondary page",
    setting=Text(
        "Mice in 1908; munition workers of 1914-18",
        "1908年的小鼠；1914–18年的军工工人",
    ),
    a=Text(
        "a short week",
        "短工时",
    ),
    b=Text(
        "a long week",
        "长工时",
    ),
    reason=Text(
        "A peak in the middle would show as at least 2% more per hour.",
        "若中间有高峰，每小时产出至少应高出2%。",
    ),
    limits=Text(
        "It is no proof that slack never hurts: restaurants show an inverted U of effort in workload (staffing). It says that mice are no source for it.",
        "这并不证明清闲无害：餐厅数据显示努力随工作量呈倒U形（见 staffing）。只说明小鼠实验不能当管理证据。",
    ),
)
