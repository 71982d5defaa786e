"""Which model makes pictures like these: specifications, matching, probability, benchmark."""
