"""One patient on one page."""
