"""What Explore is made of: search, filters, results, empty states."""
