"""Desks: who is served when."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from simpy import Environment

from kpisim.model.desk import Desk, Job, PriorityDesk, Task, grader, interruptions
from kpisim.scenario.pressure import Pressure
from kpisim.scenario.workload import TimeBox

pytestmark = pytest.mark.unit


def nothing(_job: Any) -> None:
    """Nothing follows."""


def order_of(policy: str, tasks: list[Task]) -> list[str]:
    """Hand in all tasks while the rep is busy and return the kinds in the order served."""
    env = Environment()
    desk = PriorityDesk(env, grader(policy, 8.0))  # type: ignore[arg-type]
    desk.submit(Task("busy", 1.0, nothing))
    for task in tasks:
        desk.submit(task)
    env.run()
    return [task.kind for task in sorted(tasks, key=lambda task: task.started)]


def tasks() -> list[Task]:
    return [
        Task("neither", 2.0, nothing, due=100, value=1, expected=2.0),
        Task("important", 3.0, nothing, due=90, value=30, important=True, expected=3.0),
        Task("urgent", 1.0, nothing, due=2, value=2, expected=1.0),
        Task("both", 4.0, nothing, due=4, value=20, important=True, expected=4.0),
    ]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("first_come", ["neither", "important", "urgent", "both"]),
        ("urgent_first", ["urgent", "both", "neither", "important"]),
        ("important_first", ["both", "important", "urgent", "neither"]),
        ("value_per_hour", ["important", "both", "urgent", "neither"]),
        ("easiest_first", ["urgent", "neither", "important", "both"]),
        ("deadline_first", ["urgent", "both", "important", "neither"]),
    ],
)
def test_policies_serve_in_their_order(policy: str, expected: list[str]) -> None:
    assert order_of(policy, tasks()) == expected


def test_what_is_left_long_enough_becomes_urgent() -> None:
    env = Environment()
    desk = PriorityDesk(env, grader("urgent_first", 8.0))
    late = Task("soon due", 1.0, nothing, due=20.0)
    rest = [Task("due later", 1.0, nothing, due=500.0) for _ in range(30)]
    for task in [*rest[:15], late, *rest[15:]]:
        desk.submit(task)

    def mornings() -> Any:
        while True:
            yield env.timeout(4.0)
            desk.regrade()

    env.process(mornings())
    env.run(until=40)
    assert late.started <= 13.0 < max(task.started for task in rest if task.started == task.started)


def test_a_time_box_keeps_its_hours_for_its_work() -> None:
    env = Environment()
    box = TimeBox(kind="selling", start_hour=2, hours=2)
    desk = PriorityDesk(env, None, boxes=(box,), hours_per_day=8.0)
    admin = [Task("admin", 1.0, nothing) for _ in range(6)]
    selling = [Task("selling", 1.0, nothing) for _ in range(2)]
    for task in [*admin, *selling]:
        desk.submit(task)
    env.run()
    assert [task.started for task in selling] == [2.0, 3.0]
    assert sorted(task.started for task in admin) == [0.0, 1.0, 4.0, 5.0, 6.0, 7.0]


def test_an_empty_box_does_not_idle() -> None:
    env = Environment()
    desk = PriorityDesk(env, None, boxes=(TimeBox(kind="selling", start_hour=0, hours=8),))
    admin = Task("admin", 1.0, nothing)
    desk.submit(admin)
    env.run()
    assert admin.started == 0.0


@given(
    st.lists(
        st.tuples(st.floats(0.01, 20), st.floats(0.01, 5)),
        min_size=1,
        max_size=40,
        unique_by=lambda item: item[0],
    ),
    st.integers(1, 3),
)
def test_announced_and_submitted_jobs_are_served_alike(plan: list[tuple[float, float]], servers: int) -> None:
    announced, submitted = Environment(), Environment()
    one, other = Desk(announced, servers), Desk(submitted, servers)
    first = [Job(hours, nothing) for _, hours in plan]
    second = [Job(hours, nothing) for _, hours in plan]
    one.expect([(at, job) for (at, _), job in zip(plan, first, strict=True)])

    def arrive(at: float, job: Job) -> Any:
        yield submitted.timeout(at)
        other.submit(job)

    for (at, _), job in zip(plan, second, strict=True):
        submitted.process(arrive(at, job))
    announced.run()
    submitted.run()
    assert [job.started for job in first] == pytest.approx([job.started for job in second])
    assert [job.finished for job in first] == pytest.approx([job.finished for job in second])
    assert one.area == pytest.approx(sum(job.finished - job.created for job in first))


def test_no_interruptions_cost_nothing() -> None:
    assert interruptions(Pressure(interruptions_per_hour=0), iter([1.0])) is None


def test_each_interruption_costs_handling_and_resumption() -> None:
    pressure = Pressure(interruptions_per_hour=1.0, handling_minutes=6, resumption_minutes=12)
    spent = interruptions(pressure, iter([0.5, 0.5, 5.0, 5.0]))
    assert spent is not None
    # Interrupted after half an hour and after an hour of work.
    assert spent(1.5) == pytest.approx(1.5 + 2 * 0.3)
