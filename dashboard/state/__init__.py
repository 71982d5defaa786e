"""Session keys, defaults and the parameters of shared links, a module a page."""
