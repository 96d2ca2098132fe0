"""The commands of ``python -m pipeline``: each joins the rooms to one job of a person or pipeline."""
