"""Bytes in, a typed CT series out, or a refusal that says why. Knows only `terms`."""
