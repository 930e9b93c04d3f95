"""Imaging: scans sent in, measured by the worker, their results decided on, and the dose of every scan."""
