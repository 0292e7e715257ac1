"""What the figures of the theory cases are called in Chinese.

Those cases name their figures with the numbers in them; here each name stands once, with a field for every number.
Cases with a file of their own bring both languages along (`kpisim.text.Text`).
"""

from __future__ import annotations

import re
import string
from functools import cache

from kpisim.text import current_language

NAMES = {
    # queues
    "P(wait)": "需要等待的概率",
    "P(wait), {n} at load {load}": "需要等待的概率，{n}人，负荷{load}",
    "mean wait [service times]": "平均等待（以平均服务时间计）",
    "mean wait [service times], {n} at load {load}": "平均等待（以平均服务时间计），{n}人，负荷{load}",
    "wait of class {number} [h]": "第{number}类的等待（小时）",
    "conservation: sum of load × wait [h]": "守恒：负荷×等待之和（小时）",
    "waiting cost per hour": "每小时等待成本",
    "waiting cost per hour, {rule}": "每小时等待成本，{rule}",
    "Little: tasks present, time average": "利特尔法则：在手任务数的时间平均",
    "time in system at {chance} wrong [h]": "出错率{chance}时的停留时间（小时）",
    "rounds until complete, {rate} kept a link": "信息补齐所需来回次数，每道手留下{rate}",
    "complete by round {count}, {rate} kept a link": "{count}个来回之内补齐的占比，每道手留下{rate}",
    "mean finish at once ÷ in turn, {n} deals": "平均完成时间，齐头并进÷逐个做，{n}个商机",
    "hours to finish, {mode}": "完成所需小时，{mode}",
    "time in system, cv² = {spread}": "停留时间，cv² = {spread}",
    "FCFS ÷ sharing, cv² = {spread}": "先来先做÷齐头并进，cv² = {spread}",
    # plans
    "share at quota": "达标人数占比",
    "odds multiplied by": "达标胜算的倍数",
    "extra sales": "额外销售额",
    "effort at the start": "期初的努力",
    "share at 110% of expectation": "达到预期110%的人数占比",
    "effort Q4 ÷ Q1, {label}, m = {mean}": "第四季÷第一季的努力，{label}，m = {mean}",
    "effort Q4 ÷ Q1, ρ = {rate}": "第四季÷第一季的努力，ρ = {rate}",
    "effective rate ÷ rate, λ = {keep}": "有效提成率÷名义提成率，λ = {keep}",
    "worth of a flat commission, r = {aversion}": "固定提成的确定性等值，r = {aversion}",
    "worth of a bonus at quota, r = {aversion}": "达标奖金的确定性等值，r = {aversion}",
    "best commission, r = {aversion}": "最优提成，r = {aversion}",
    "best quota, too low : too high = {ratio}": "最优指标，定低：定高的代价 = {ratio}",
    # whole model
    "mean sales ÷ expected": "平均销售额÷预期",
    "CV of attainment": "达成率的变异系数",
    "share at quota {quota} × expectation": "指标为预期{quota}倍时的达标占比",
    "mean commission, {number} deals": "平均提成，{number}单",
    "CV of commission, {number} deals": "提成的变异系数，{number}单",
    "tasks present ÷ λW, {name}": "在手任务数÷λW，{name}",
    "opportunities that do not add up, {name}": "对不上的商机数，{name}",
    "hours worked - hours of tasks [h], {name}": "工作小时减任务小时，{name}",
    "booked - cancelled - not delivered - invoiced [cents], {name}": "签约减取消减未交付减开票（分），{name}",
    "pay - its parts, largest gap [money], {name}": "薪酬与各项之和的最大差额，{name}",
    # incentives
    "best bend p of √s = A + B x^p": "√s = A + B x^p 的最优弯曲度p",
    "effort": "努力",
    "level A": "水平A",
    "steepness B": "斜度B",
    "mean sales": "平均销售额",
    "expected pay": "期望薪酬",
    "pay at no sales": "零销售时的薪酬",
    "effort in a contest of two": "两人竞赛中的努力",
    "best commission rate, {label}": "最优提成率，{label}",
    "effort at the best rate, {label}": "最优提成率下的努力，{label}",
    "surplus at the best rate, {label}": "最优提成率下的总剩余，{label}",
    "rate on the measured task, {label}": "可考核任务的提成率，{label}",
    "time for the unmeasured task, {label}": "不可考核任务得到的时间，{label}",
    "rate on task {task}, both measured, γ = {gamma}": "任务{task}的提成率，两项都考核，γ = {gamma}",
    "pay": "薪酬",
    "share above quota": "达标占比",
    "share between quota and cap": "达标而未封顶的占比",
    "share beyond the cap": "超过封顶的占比",
    "dP/de, {winners} of {reps} win": "dP/de，{reps}人中{winners}人获奖",
    "best number of winners of {reps}, no risk aversion": "{reps}人的最优获奖人数，不厌恶风险",
    "best number of winners of {reps}, utility √prize": "{reps}人的最优获奖人数，效用为√奖金",
    "effort against one winner of {reps}, utility √prize": "相对于{reps}人中一人获奖的努力，效用为√奖金",
    "largest of {reps} normals": "{reps}个正态数中的最大值",
    "correlation of KPI and value, gaming {spread}": "KPI与价值的相关，作假幅度{spread}",
    "worth of the top {top} by KPI, gaming {spread}": "按KPI选出的前{top}的价值，作假幅度{spread}",
    "life at {rate} [years]": "留存率{rate}时的客户寿命（年）",
    "value per unit of margin at {rate}": "留存率{rate}时每单位毛利的客户价值",
    "life, after ÷ before": "客户寿命，之后÷之前",
    "value, after ÷ before": "客户价值，之后÷之前",
    "effort, team of {size}": "努力，{size}人团队",
    "effort given the others', team of {size}": "他人努力既定时的努力，{size}人团队",
    "links of {people}": "{people}人之间的联系数",
    "best team size, {hours} h a link": "最优团队人数，每对每周{hours}小时",
    "best whole team size, {hours} h a link": "最优整数人数，每对每周{hours}小时",
    "net hours at that size, {hours} h a link": "该人数下的净工时，每对每周{hours}小时",
    "wins a week": "每周赢单数",
    "wins a week, variance ÷ mean": "每周赢单数，方差÷均值",
    "open deals": "在手商机数",
    "open deals, variance ÷ mean": "在手商机数，方差÷均值",
    # published equations
    "time per order at once, orders +{size}": "当时的每单用时，订单+{size}",
    "norm after {week} weeks of +{rise}": "订单+{rise}持续{week}周后的标准",
    "norm in the end, +{rise} for ever": "订单一直+{rise}，最终的标准",
    "norm four years after {pulse} weeks of +{rise}": "订单+{rise}持续{pulse}周，四年后的标准",
    "share of ln(pressure) met by cutting corners": "压力（对数）中靠缩短接触消化的比例",
    "time constant of erosion [weeks]": "侵蚀的时间常数（周）",
    "half-life of erosion [weeks]": "侵蚀的半衰期（周）",
    "{name} after half a day": "半天后的{name}",
    "correlation of {one} and {other}": "{one}与{other}的相关系数",
    "shift in months 7-9 ÷ months 1-3, strength {strength}": "第7–9月÷第1–3月的移动量，强度{strength}",
    "susceptibility in month {month} ÷ month 1": "第{month}月÷第1月的易感度",
    "knowledge, slow less fast socialisation": "知识水平，慢融入减快融入",
    "knowledge in a changing world, with less without turnover": "环境变化时的知识水平，有人员流动减无流动",
    "the same without turnover (0.5 = chance)": "同上，无人员流动（0.5即瞎猜）",
    "facts kept after {length} hand-overs, {protocol}": "{length}次交接后保留的信息，{protocol}",
    "output of an extra hour at 40 h": "每周40小时处多干一小时的产出",
    "output of an extra hour at 63 h": "每周63小时处多干一小时的产出",
    "hours of the largest output": "产出最大的每周工时",
    "output at {long} h ÷ at {short} h": "每周{long}小时÷{short}小时的产出",
    "output at {long} h above that at 49 h": "每周{long}小时比49小时多出的产出",
}
WORDS = {
    "important_first": "重要优先",
    "first_come": "先来先做",
    "value_per_hour": "每小时价值优先",
    "resume": "接着做",
    "restart": "重新做",
    "bonus": "奖金",
    "accelerator and cap": "加速加封顶",
    "spoken": "口头",
    "notes": "边说边记",
    "sheet": "表单",
}


def called(metric: str) -> str:
    """Return what a figure is called in the current language; a name not known here stays as it is."""
    return in_chinese(metric) or metric if current_language() == "zh" else metric


def in_chinese(metric: str) -> str | None:
    """Return the Chinese name of a figure, None where there is none."""
    if metric in NAMES:
        return NAMES[metric]
    for pattern, name in _patterns():
        if found := pattern.fullmatch(metric):
            return name.format(
                **{field: WORDS.get(value, value) for field, value in found.groupdict().items()}
            )
    return None


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return a pattern for each name with fields, the longest text first: it says most."""
    found = []
    for english, chinese in NAMES.items():
        pieces = [(text, field) for text, field, _, _ in string.Formatter().parse(english)]
        if any(field for _, field in pieces):
            text = "".join(re.escape(text) + (f"(?P<{field}>.+?)" if field else "") for text, field in pieces)
            found.append((sum(len(text) for text, _ in pieces), re.compile(text), chinese))
    return tuple((pattern, name) for _, pattern, name in sorted(found, key=lambda one: -one[0]))
