"""Which mechanisms of behaviour are on: each can be switched off by itself, and all of them together."""

from __future__ import annotations

from kpisim.scenario.fields import Section, par


class Mechanisms(Section):
    """Switches.  With all of them off the engine plays markets, queues, pay, effort and timing alone."""

    allocation: bool = par(
        default=True,
        unit="on/off",
        en="Work that neither pays nor scores is neglected",
        zh="不算钱、不计分的工作会被怠慢",
        source="Holmström & Milgrom 1991 in the small",
    )
    acceptance: bool = par(
        default=True,
        unit="on/off",
        en="Reps may close weak deals where the plan makes it worth while",
        zh="方案划算时，销售代表会签下“带病”的单子",
    )
    corner_cutting: bool = par(
        default=True,
        unit="on/off",
        en="Overload shortens each contact, and the short contact becomes the norm",
        zh="忙不过来就缩短每次接触，久而久之成了习惯",
        source="Oliva & Sterman 2001",
        rule="published",
    )
    strain: bool = par(
        default=True,
        unit="on/off",
        en="Load drains energy; tired reps sell less, make mistakes and fall ill",
        zh="负荷消耗精力；人一疲惫，业绩下滑、差错增多、病假增加",
        source="Evers et al. (JD-R equations); what energy does is our assumption",
        rule="published",
    )
    hours: bool = par(
        default=True,
        unit="on/off",
        en="Reps work overtime under load; output flattens with long weeks",
        zh="忙时加班；工时越长，边际产出越低",
        source="Pencavel 2015; how much overtime is our assumption",
        rule="published",
    )
    appraisal: bool = par(
        default=True,
        unit="on/off",
        en="Beliefs multiply pressure into strain (Ellis ABC); coaching lowers them",
        zh="同样的压力，信念不同，感受不同（埃利斯ABC）；辅导能松动不合理信念",
    )
    goals: bool = par(
        default=True,
        unit="on/off",
        en="A rep who sees in a review that sales are behind tries harder",
        zh="检视时看到落后，销售代表会加把劲",
    )
    handover: bool = par(
        default=True,
        unit="on/off",
        en="Hand-overs may have several links, read-back and tired senders",
        zh="交接可能经过多个环节，可以复述确认，人累了更容易漏",
        source="Bhabra et al. 2007; Starmer et al. 2014",
        rule="published",
    )
    cooperation: bool = par(
        default=True,
        unit="on/off",
        en="Reps help each other where it suits them, learn in pair talks, and are spurred by peers in sight",
        zh="划算或乐意时互相帮忙；结对交流能学到本事；身边的高手带动大家",
    )
    culture: bool = par(
        default=True,
        unit="on/off",
        en="Newcomers take up the team's values early; those who do not fit leave sooner",
        zh="新人入职早期最容易融入团队价值观；合不来的人走得早",
        source="Bhatt, cultural carriers (after Harrison & Carroll 1991)",
        rule="published",
    )
    culture_pay: bool = par(
        default=True,
        unit="on/off",
        en="Pay that hangs on culture takes attention from selling and makes its behaviours a habit",
        zh="奖金与文化挂钩：分走一部分做销售的精力，但所奖励的行为会渐成习惯",
        source="attention: Holmström & Milgrom 1991 in the small; habit is our assumption",
    )
    exits: bool = par(
        default=True,
        unit="on/off",
        en="Reps leave and are replaced",
        zh="有人离职，有人补位",
    )


ALL_OFF = Mechanisms(**dict.fromkeys(Mechanisms.model_fields, False))
"""The engine alone."""
