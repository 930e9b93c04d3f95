"""Grey pictures cut and projected from the volume, oriented as radiologists read them."""
