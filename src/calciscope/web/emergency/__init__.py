"""Emergency access: reach a patient outside one's team, with a reason, for an hour, seen by the officer."""
