"""Calciscope: measure and follow calcinosis cutis in dermatomyositis, and weigh the options (research use)."""

__version__ = "0.1.0"
