"""Radiographs and ultrasound images: taken in, outlined from a click, measured, and compared with the one before."""
