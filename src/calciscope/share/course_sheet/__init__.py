"""The course of a patient on one page as PDF/UA: sentence, pictures, chart, and the deposits that changed."""
