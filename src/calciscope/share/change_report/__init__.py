"""Pictures and report of a comparison: difference.png, changes.png, report.pdf."""
