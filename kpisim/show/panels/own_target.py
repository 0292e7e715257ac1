"""A target for the quarter that one's own data end in: where it stands and where it leads, as the tracking board shows it."""

from __future__ import annotations

from datetime import timedelta
from html import escape
from typing import TYPE_CHECKING

from kpisim.kpi.tracking.aims import Aim, aims_of_table
from kpisim.kpi.tracking.follow import follow
from kpisim.kpi.tracking.forecast.period import last_day, period_of
from kpisim.kpi.tracking.review import quarter_aims
from kpisim.show.track import track_picture
from kpisim.text import UserError, t

if TYPE_CHECKING:
    from kpisim.kpi.tracking.follow import Tracked
    from kpisim.tables import Tables

KPI = "revenue_booked"
MOST = 1e12


def tracked_target(tables: Tables, target: float) -> Tracked:
    """Return how a quarter's target for bookings of the whole team stands on the last day of the records.

    Raises
    ------
    UserError
        A target that is none, or records without orders.
    """
    if not 0 < target <= MOST:
        raise UserError("{value} is no target; give a number above 0", value=f"{target:,.0f}")
    if not len(tables["orders"]):
        raise UserError("No orders were read, so no target for bookings can be followed.")
    on = last_day(tables)
    quarter = period_of(tables, "quarter", on)
    aim = Aim(t("bookings of the quarter"), KPI, t("whole team"), None, quarter.start, quarter.end, target)
    return follow(tables, [aim], on)


def planned_target(tables: Tables) -> float | None:
    """Return what the sheet of targets that was read with the orders wants in that quarter; None without one."""
    if not len(tables["targets"]):
        return None
    quarter = period_of(tables, "quarter", last_day(tables))
    last = quarter.end - timedelta(days=1)
    aims = quarter_aims(lambda day: aims_of_table(tables, day), quarter, last)
    wanted = [aim.target for aim in aims if aim.kpi == KPI]
    return sum(wanted) if wanted else None


def tracked_html(tables: Tables, target: float) -> str:
    """Return the tracking board of that target with what needs attention."""
    tracked = tracked_target(tables, target)
    # A note on red belongs to `kpisim track`; the panel has no place to write one.
    told = [alert for alert in tracked.alerts if alert.kind != "note"]
    alerts = "".join(f"<li>{escape(str(alert.text))}</li>" for alert in told)
    return track_picture(tracked, tables.meta.currency).html() + (f"<ul>{alerts}</ul>" if alerts else "")


__all__ = ["KPI", "planned_target", "tracked_html", "tracked_target"]
