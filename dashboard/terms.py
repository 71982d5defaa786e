"""The papers' terms in plain words, for help texts."""

GRE_SCORE = (
    "GRE-Score (GEMRec): the sum of lambda times quality over CLIP score, distinctiveness and "
    "popularity, each scaled to 0–1. The lambdas are those of the active weight profile."
)
CLIP_SCORE = (
    "CLIP score: 100 times the cosine of the picture's and the prompt's features. Larger means "
    "closer to the words of the prompt."
)
DISTINCTIVENESS = (
    "Distinctiveness: 1 minus mCos scaled to 0–1 within the prompt, where mCos is the mean cosine "
    "of a picture with all pictures of its prompt. Larger means less like the others."
)
POPULARITY = (
    "Popularity: downloads of the model; in the GRE-Score as log10(downloads + 1), scaled to 0–1."
)

SORT_HELP = f"{GRE_SCORE}\n\n{CLIP_SCORE}\n\n{DISTINCTIVENESS}\n\n{POPULARITY}"
METRIC_HELP = {"clip": CLIP_SCORE, "mcos": DISTINCTIVENESS, "pop": POPULARITY}
