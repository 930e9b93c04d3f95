"""Lists of references as reference managers and PubMed export them: RIS, NBIB, PubMed's XML."""

from __future__ import annotations

from calciscope.read.references.load import read_references

__all__ = ["read_references"]
