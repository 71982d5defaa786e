"""Pictures wherever they appear: gallery, sheet, strip, dialogs, recipe, export."""
