"""The alarm drill: a database that breaks, the alarm that says so, and the message when it is over."""

from local.drill.drill import drill

__all__ = ["drill"]
