"""Laboratory results of many patients from a CSV file or workbook: read, mapped, every row taken or refused with why. Pure."""
