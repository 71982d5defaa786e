"""Writers of layouts that others read."""
