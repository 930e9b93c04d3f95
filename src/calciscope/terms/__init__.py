"""Words every room shares: geometry, series, deposits, units, errors. Imports nothing of ours."""
