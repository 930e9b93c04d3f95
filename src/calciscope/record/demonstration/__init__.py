"""Invented patients with a known truth, for demonstrations, tests and statistics. Nothing here tells of a real person.

Everything follows from a seed: the same seed and number give the same people on every computer, and the first twelve
of two hundred are the twelve.
"""
