"""Brings back what went wrong: a deployment that does harm, an apply that was killed."""
