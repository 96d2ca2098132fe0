"""What guards an account as a whole, once an account; applied by an administrator."""
