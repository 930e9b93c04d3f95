"""Letters: chosen, looked at, issued as a document that can be had again byte for byte."""
