"""The clinic's own list of patients, taken in with a preview that shows every row taken and every row refused and why."""
