"""What brings back what went wrong."""
