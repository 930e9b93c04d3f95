"""Calcium corrected for albumin, and the product of calcium and phosphate."""
