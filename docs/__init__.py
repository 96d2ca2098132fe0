"""Documents, and the code that keeps their pictures and tables true."""
