"""Photographs: taken in the same pose each time, compared with the last, and an ulcer measured by a ruler beside it."""
