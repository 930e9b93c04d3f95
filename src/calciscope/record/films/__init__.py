"""Radiographs and ultrasound images as they are kept: pixels alone, without loss, 16 bits of grey."""
