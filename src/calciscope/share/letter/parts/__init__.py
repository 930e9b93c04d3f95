"""Sections that letters to professionals are made of; each gives blocks, and says what was not recorded."""
