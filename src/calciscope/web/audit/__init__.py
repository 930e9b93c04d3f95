"""The audit, for the officer."""
