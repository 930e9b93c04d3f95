"""Nouns of the record, one a file: the file's name is the noun's. Each holds ``NOUN``."""
