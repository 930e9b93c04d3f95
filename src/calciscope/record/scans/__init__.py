"""Scans on their way into the record: where their files lie, whose they are, and who measures them."""
