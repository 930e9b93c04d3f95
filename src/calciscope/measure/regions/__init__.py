"""Which part of the body a point lies in, and on which side, told from the image itself and from the file's header."""
