"""Photographs: made harmless before they are kept, kept apart from the tables, and measured by marks that a person sets."""
