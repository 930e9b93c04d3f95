"""Statistics of measurements and readings, each with its interval and the source of its formula. Pure."""
