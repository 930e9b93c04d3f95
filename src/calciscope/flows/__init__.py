"""One file a use case: the only room that knows several others. Read these first."""
