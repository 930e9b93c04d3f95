"""Letters: what each kind says (kinds, of parts), and how they look (typesetting, *.typ)."""
