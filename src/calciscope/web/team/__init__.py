"""Who cares for a patient."""
