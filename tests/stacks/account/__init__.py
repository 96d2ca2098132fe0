"""The guard rails of an account."""
