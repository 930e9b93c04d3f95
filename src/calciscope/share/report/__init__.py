"""overview.png and report.pdf: what they say (content), where marks go (layout), and how they look (*.typ)."""
