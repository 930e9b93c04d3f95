"""How much mineral each candidate holds: background field, blur template, excess, volume, mass, uncertainty."""
