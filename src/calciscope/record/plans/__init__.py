"""The plan of a patient: its options, how it stands, and what it lacks to be put in force. Pure."""
