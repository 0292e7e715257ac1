"""How a sales team behaves: simpy processes, one mechanism a file, each with its source and class."""

from kpisim.model.model import Model
from kpisim.model.streams import Streams

__all__ = ["Model", "Streams"]
