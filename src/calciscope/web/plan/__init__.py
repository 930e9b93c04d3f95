"""The plan: options chosen and set aside, signed by the team or dissented from, put in force, revised, ended."""
