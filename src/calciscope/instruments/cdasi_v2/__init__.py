"""Cutaneous Dermatomyositis Disease Area and Severity Index, version 2."""
