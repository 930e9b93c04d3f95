"""The course of a patient's deposits on one page: what was measured, what was felt, and what was given."""
