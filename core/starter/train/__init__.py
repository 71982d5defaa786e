"""Training of the starter world's generators and encoder; nothing here runs in the product."""
