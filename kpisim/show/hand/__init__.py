"""Panels made for the hand: a clock, cards to drag.  Their scripts lie beside them; nothing is fetched from elsewhere."""
