"""What the screens read: a function for each file of queries/, of its name, by subject."""
