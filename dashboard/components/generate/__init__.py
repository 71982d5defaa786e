"""Generate: asking for pictures, and watching them appear."""
