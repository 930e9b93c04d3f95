"""Reading for a trial: a reader's worklist, one blinded scan after another, and the third reader's decision."""
