"""A patient's facts as advice needs them: what was known and true on one day. Pure, from facts that were read already."""
