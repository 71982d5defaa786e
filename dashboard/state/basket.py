"""The selection basket's panel: session keys."""

BASKET = "basket.panel"
BASKET_TAKEN = "basket.taken"  # step of the last change that came from it
