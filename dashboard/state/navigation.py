"""Which page is open: session key."""

CURRENT_PAGE = "navigation.current"  # path of the page's address
