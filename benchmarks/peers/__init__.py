"""Frozen peer scripts: the same steps from well-known parts. A test holds their checksums."""
