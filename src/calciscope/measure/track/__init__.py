"""Two measured scans of one patient: bring them together, match their deposits, say what changed."""
