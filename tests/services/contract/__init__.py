"""What others may know of the service."""
