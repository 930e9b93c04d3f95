"""Log-in and the choice of the role in which one works."""
