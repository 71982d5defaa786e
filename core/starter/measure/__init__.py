"""Measures the starter's models with the starter's own encoder, on pictures never trained on."""
