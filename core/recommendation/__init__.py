"""Which model for a prompt: votes and scores on prompts like it, weighed against each other."""
