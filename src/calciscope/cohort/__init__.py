"""Many patients at once: what is learned from readings and measurements taken together."""
