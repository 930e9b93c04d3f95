"""Radiographs and ultrasound images: one file in, a typed image with its scale or the reason why it has none."""
