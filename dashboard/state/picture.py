"""A picture's page: session keys."""

PICTURE_OPENED = "picture.opened"  # image id
PICTURE_CLOSED = "picture.closed"  # image id, while the address may still name it
PICTURE_STEPS = "picture.steps"  # ids to step through
PICTURE_SCOPE = "picture.scope"  # neighbours among all pictures, or of the same prompt
PICTURE_SHEET = "picture.sheet"
PICTURE_COMPARISON = "picture.comparison"
