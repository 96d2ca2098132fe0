"""The sealed plan: exactly what was reviewed is applied, or nothing is."""
