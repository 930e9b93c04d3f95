"""A clinic's own list of patients (CSV, Excel, REDCap export): read, mapped, and every row taken or refused with why.

Pure: nothing here touches the record. ``actions.import_list`` writes the rows that were taken.
"""
