"""What Similarity is made of: its pickers, heat maps, domains, near-duplicates."""
