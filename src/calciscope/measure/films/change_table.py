"""Coefficients of the smallest real change of a projected area; written by benchmarks/fit_film_limit.py, not by hand."""

from __future__ import annotations

SLOPE, ROOT_MM, FLOOR_MM2 = 0.0000, 0.3415, 0.2330
"""95 % of differences without change lie below SLOPE A + ROOT_MM sqrt(A) + FLOOR_MM2, A in mm2 (phantom arms, scale known)."""
