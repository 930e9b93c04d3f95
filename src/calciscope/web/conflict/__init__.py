"""Two who wrote the same fact: both texts side by side, and nothing typed is lost."""
