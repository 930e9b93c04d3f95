"""Review of a measured scan: every deposit looked at, accepted, corrected or rejected, with the pictures beside the list."""
