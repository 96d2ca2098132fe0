"""The parts of the Markdown report, in the order in which a reader meets them."""
