"""Facts of a patient by the names that rules use. One function a derived fact; the rest are read off the picture."""
