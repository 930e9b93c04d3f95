"""The list of patients, and a new one."""
