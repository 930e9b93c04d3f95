"""Typed values out: tables, JSON, masks, pictures and the report. Knows only `terms`."""
