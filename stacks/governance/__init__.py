"""What an environment may spend and who is told, applied by an administrator."""
