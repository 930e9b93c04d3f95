"""IMACS core set measures of activity and damage."""
