"""A visit: before it, during it, its signature and what comes after."""
