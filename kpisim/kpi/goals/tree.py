"""The alignment tree: which goal serves which, and whether the parts make the whole."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from kpisim.kpi.goals.cascade import LEVEL_NAMES, LEVELS
from kpisim.kpi.registry import kpi as lookup
from kpisim.text import UserError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kpisim.kpi.goals.goal import Goal


@dataclass(frozen=True, slots=True)
class Gap:
    """What the goals below promise together against the goal above.

    Attributes
    ----------
    goal
        The goal above.
    children
        The goals below that carry the same KPI and have a target.
    amount
        Sum of their targets − what they should carry, in the unit of the KPI; None where targets do not add up
        because the KPI is a rate or a mean, or where no goal below carries it.
    silent
        The goals below that carry the same KPI without a target; the amount is what the others leave.
    """

    goal: Goal
    children: tuple[Goal, ...]
    amount: float | None
    silent: tuple[Goal, ...] = ()


@dataclass(frozen=True, slots=True)
class GoalTree:
    """Goals by id, parents before children.

    Attributes
    ----------
    goals
        All goals, each after the one it serves.
    orphans
        Goals below company level that serve no goal, and goals whose parent is not among them.
    """

    goals: tuple[Goal, ...]
    orphans: tuple[Goal, ...]

    @property
    def roots(self) -> tuple[Goal, ...]:
        """Goals of the company that serve no other."""
        return tuple(goal for goal in self.goals if not goal.parent and goal not in self.orphans)

    def children(self, goal: Goal) -> tuple[Goal, ...]:
        """Return the goals that serve `goal`."""
        return tuple(one for one in self.goals if one.parent == goal.id)

    def walk(self) -> Iterator[tuple[int, Goal]]:
        """Yield depth and goal, from the company down; orphans come last, with what hangs on them."""
        stack = [(0, goal) for goal in reversed((*self.roots, *self.orphans))]
        while stack:
            depth, goal = stack.pop()
            yield depth, goal
            stack += [(depth + 1, child) for child in reversed(self.children(goal))]

    def gaps(self, buffer: float = 0.0) -> tuple[Gap, ...]:
        """Return a gap for every goal that has a KPI, a target and goals below it, also where it is 0.

        Parameters
        ----------
        buffer
            Share by which the goals below are meant to promise more than the one above.
        """
        found = []
        for goal in self.goals:
            below = self.children(goal)
            if not (below and goal.kpi and goal.target is not None):
                continue
            alike = [one for one in below if one.kpi == goal.kpi]
            same = tuple(one for one in alike if one.target is not None)
            silent = tuple(one for one in alike if one.target is None)
            amount = None
            if same and lookup(goal.kpi).kind in {"sum", "count"}:
                # Decimals: 0.1 + 0.2 − 0.3 is no gap.
                carried = sum((Decimal(str(one.target)) for one in same), Decimal(0))
                amount = float(carried - Decimal(str(goal.target)) * (1 + Decimal(str(buffer))))
            found.append(Gap(goal, same, amount, silent))
        return tuple(found)

    @property
    def alignment(self) -> float | None:
        """Share of the weight of goals below company level that is tied to a goal above; None without weight."""
        lower = [goal for goal in self.goals if goal.parent or goal in self.orphans]
        whole = sum(goal.weight for goal in lower)
        return sum(goal.weight for goal in lower if goal not in self.orphans) / whole if whole else None


def goal_tree(goals: Iterable[Goal]) -> GoalTree:
    """Return the tree of `goals`.

    Parameters
    ----------
    goals
        Each with an `id` of its own; `parent` holds the id of the goal it serves.  A goal without a level and
        without a parent is taken as one of the company if another goal serves it.

    Raises
    ------
    UserError
        A goal without an id, an id that comes twice, goals that serve each other in a circle, a goal of a higher
        level that serves one of a lower, a weight below 0, or an unknown KPI.
    """
    listed = list(goals)
    known: dict[str, Goal] = {}
    for place, goal in enumerate(listed, 1):
        if not goal.id.strip():
            raise UserError("goal {place} “{text}” has no id; give it one", place=place, text=goal.text)
        if goal.id in known:
            raise UserError("goal {id}: two goals have this id; rename one", id=goal.id)
        if not 0 <= goal.weight < float("inf"):
            raise UserError(
                "goal {id}: weight {value} cannot be used; give 0 or more", id=goal.id, value=goal.weight
            )
        if goal.kpi:
            lookup(goal.kpi)
        known[goal.id] = goal
    for goal in listed:
        _refuse_circle(goal, known)
        above = known.get(goal.parent)
        if above and above.level and goal.level and LEVELS.index(goal.level) < LEVELS.index(above.level):
            raise UserError(
                "goal {id} ({level}) cannot serve {parent} ({above}); link it to a goal of its own level or higher",
                id=goal.id,
                level=LEVEL_NAMES[goal.level],
                parent=above.id,
                above=LEVEL_NAMES[above.level],
            )
    served = {goal.parent for goal in listed}
    orphans = tuple(
        goal
        for goal in listed
        if (goal.parent and goal.parent not in known)
        or (not goal.parent and goal.level != "company" and (goal.level or goal.id not in served))
    )
    return GoalTree(tuple(sorted(listed, key=lambda goal: _depth(goal, known))), orphans)


def served_goals(kpis: Iterable[str], tree: GoalTree) -> dict[str, tuple[Goal, ...]]:
    """Return the goals that each KPI measures; to be asked before a scorecard is saved.

    Raises
    ------
    UserError
        A KPI that measures no goal of the tree: it would be counted without anybody wanting it.
    """
    found = {}
    for name in kpis:
        title = lookup(name).title
        found[name] = tuple(goal for goal in tree.goals if goal.kpi == name)
        if not found[name]:
            raise UserError(
                "{kpi} measures no goal; write {name} as the KPI of a goal or leave it out",
                kpi=title,
                name=name,
            )
    return found


def _refuse_circle(goal: Goal, known: dict[str, Goal]) -> None:
    path = [goal.id]
    above = known.get(goal.parent)
    while above:
        path.append(above.id)
        if above.id in path[:-1]:
            raise UserError(
                "goals {path} serve each other in a circle; take one of the links out",
                path=" → ".join(path[path.index(above.id) :]),
            )
        above = known.get(above.parent)


def _depth(goal: Goal, known: dict[str, Goal]) -> int:
    depth, above = 0, known.get(goal.parent)
    while above:
        depth, above = depth + 1, known.get(above.parent)
    return depth


__all__ = ["Gap", "GoalTree", "goal_tree", "served_goals"]
