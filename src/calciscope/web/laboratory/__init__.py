"""All laboratory results of a patient in one table, with the laboratory's own ranges."""
