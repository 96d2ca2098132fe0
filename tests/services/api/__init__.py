"""The API through its handler, on a real PostgreSQL."""
