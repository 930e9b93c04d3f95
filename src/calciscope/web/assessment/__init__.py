"""Assessment and options of one patient on one day: what is known, what is missing, and what may be discussed."""
