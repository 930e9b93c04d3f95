"""The gate: who may come to which screen, what every answer carries, and what an error becomes."""
