"""The library of KPIs: a card for each, four perspectives, and how a trainer adds one in YAML."""

from kpisim.kpi.library.cards import add, card, cards, read_definitions
from kpisim.kpi.library.definition import Definition, Term, Words

__all__ = ["Definition", "Term", "Words", "add", "card", "cards", "read_definitions"]
