"""What the phantom's body is made of, in limb coordinates."""
