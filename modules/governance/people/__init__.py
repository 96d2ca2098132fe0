"""People: which groups there are, what each may do, and the most that anybody can be given."""
