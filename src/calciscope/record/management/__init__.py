"""Commands of the record under `calciscope manage`."""
