"""Coordination: what pairwise talks leave of a team's hours, and the size at which nothing more is gained.

Class: exact (counting pairs; Brooks 1975), as published.  In the model talks cost hours through `cooperation`.

n people have n(n - 1)/2 links.  With h hours of both sides per link and week and H hours a week each, the team has
``nH - 2h n(n - 1)/2`` hours left, most at n = H/(2h) + 1/2 (for H = 40: 20/h + 1/2).
"""

from __future__ import annotations

WEEK = 40.0
"""Hours a week of one person."""


def links(people: int) -> int:
    """Return the number of pairs.

    Examples
    --------
    >>> [links(n) for n in (3, 6, 10)]
    [3, 15, 45]
    """
    return people * (people - 1) // 2


def net_hours(people: int, hours_per_link: float, week: float = WEEK) -> float:
    """Return hours a week that are left for work.

    Parameters
    ----------
    people
        Size of the team.
    hours_per_link
        Hours a week that a pair talks; both sides spend them.
    week
        Hours a week of one person.
    """
    return people * week - 2 * hours_per_link * links(people)


def best_size(hours_per_link: float, week: float = WEEK) -> float:
    """Return the size at which net hours are largest, as a real number; the nearest whole one is best."""
    return week / (2 * hours_per_link) + 0.5
