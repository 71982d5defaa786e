"""The starter world: drawn pictures, and the small generators trained on them."""
