"""What readers of a trial found as SDTM tables: TU, TR, RS and RELREC (docs/reference/trial-tables.md)."""
