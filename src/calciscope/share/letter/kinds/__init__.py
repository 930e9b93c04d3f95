"""Kinds of letters, one a file: TITLE, SUMMARY, SENT_TO, ASKS and compose."""
