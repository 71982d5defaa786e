"""Pure rules of Gemboard: no screen, no SQL."""
