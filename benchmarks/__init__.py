"""Speed, memory and accuracy of Calciscope, each beside a named peer in one run (`python -m benchmarks`)."""
