"""Sorting a scan: bodies, tissues, bone, and every candidate deposit with its kind and the reason for it."""
