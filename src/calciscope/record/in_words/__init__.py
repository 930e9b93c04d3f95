"""Facts of the record in words, as every screen and letter says them."""
