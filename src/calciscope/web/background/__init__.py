"""History and background of a patient: what does not belong to one visit. Also: change a fact, undo it, see its versions."""
