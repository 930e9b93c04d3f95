"""The knowledge itself: what is overdue to be checked, what waits to be looked at, and whose advice a new version moves."""
