"""What screens are made of: the page's frame, form fields, charts, the body map, styles."""
