"""Pictures laid out in two dimensions: t-SNE, its trustworthiness, words for clusters."""
