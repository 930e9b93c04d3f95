"""Agatston-type calcium burden."""
