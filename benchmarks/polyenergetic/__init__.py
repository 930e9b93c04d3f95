"""A polyenergetic CT that shares no code with calciscope: spekpy spectra, xraylib cross-sections, exact line integrals.

It is the second, independent truth of the product's mass, and the source of the committed calibration table.
"""
