"""Trials: a reading plan drawn, how far its readers are, how well they agree, and its tables taken out."""
