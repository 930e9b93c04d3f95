"""One page for the family on what two scans showed, in plain words, as PDF/UA."""
