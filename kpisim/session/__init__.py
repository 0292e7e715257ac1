"""What must survive a crash: every sheet, prediction and decision of the day, appended and never changed."""

from kpisim.session.store import Entry, PrivateEntry, Session, open_session

__all__ = ["Entry", "PrivateEntry", "Session", "open_session"]
