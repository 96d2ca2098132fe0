"""What is told before AWS would refuse it."""


class RefusedByAws(ValueError):
    """Something that AWS would refuse; the text is one line that says how to mend it."""
