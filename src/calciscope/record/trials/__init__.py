"""Reading for a trial: who reads which scan in which order, what a reading says, and when a third reader has to decide."""
