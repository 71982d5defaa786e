"""Which model made pictures like these: specifications, what is tuned, answers, the benchmark."""
