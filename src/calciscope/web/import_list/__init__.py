"""Import of a clinic's list of patients and of laboratory results: every row is looked at before anything is saved."""
