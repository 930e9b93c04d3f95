"""Letters: recorded facts drawn into words for them, and where those that were issued lie."""
