"""Instruments: score a patient's answers and keep the score in the record."""
