"""Deposits of a phantom: what they are, and where they are put."""
