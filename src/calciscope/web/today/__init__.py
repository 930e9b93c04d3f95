"""Today's visits, with the sheet to look at before each."""
