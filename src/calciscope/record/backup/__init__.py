"""Backup and restore of the whole record, the same for SQLite and PostgreSQL, so that one can also move to the other."""
