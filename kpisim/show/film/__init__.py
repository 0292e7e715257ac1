"""A quarter as a film for a room: one HTML file that plays offline, made from the tables of one run."""

from __future__ import annotations

from kpisim.show.film.days import Day, Film, film
from kpisim.show.film.page import film_page
from kpisim.show.film.play import film_of, replay

__all__ = ["Day", "Film", "film", "film_of", "film_page", "replay"]
