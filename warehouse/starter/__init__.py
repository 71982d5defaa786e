"""The starter world on its way into a warehouse."""
