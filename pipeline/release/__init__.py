"""Seals a reviewed plan, and applies exactly that plan or refuses."""
