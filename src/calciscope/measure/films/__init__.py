"""Radiographs and ultrasound images: an outline from a click, and what follows from it. Never a mass."""
