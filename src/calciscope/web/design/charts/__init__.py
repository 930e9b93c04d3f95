"""Charts that the server draws as SVG: no script, every value repeated in the flowsheet."""
