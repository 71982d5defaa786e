"""The only cached reads: frames from the warehouse, each bounded in age and number."""
