"""Where a team may start from: industry, size and currency make a scorecard and a scenario; the engine stays the same."""

from __future__ import annotations

from kpisim.kpi.profile.profile import CURRENCIES, Aim, Profile, industries, profile, read_profile
from kpisim.kpi.profile.write import profile_lines, scenario_of, scorecard_of, write_profile

__all__ = [
    "CURRENCIES",
    "Aim",
    "Profile",
    "industries",
    "profile",
    "profile_lines",
    "read_profile",
    "scenario_of",
    "scorecard_of",
    "write_profile",
]
