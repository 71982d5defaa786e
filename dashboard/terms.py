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
APS = (
    "APS (GEMRec): Average Pairwise Similarity, the mean cosine over all pairs of different "
    "pictures of a prompt. Higher means that models answer it alike."
)
APS_RANK = (
    "Prompts ranked by APS, the most diverse (lowest APS) first. Prompts of equal APS share a "
    "rank, marked with =."
)
MODEL_SIMILARITY = (
    "The cosine of the image features of two models' pictures of a prompt. Where a model has "
    "several pictures (seeds), the mean over all pairs. A model with itself: the mean over pairs "
    "of its different pictures, and 1 by definition where it has one only."
)
MODEL_ORDER = (
    "Downloads: most first, as in GEMRec's Figure 1. Similarity: models clustered by average "
    "linkage of 1 minus similarity, leaves in their best order, so that alike models make bright "
    "blocks. GRE-Score: the model's mean, highest first. Models without the value come last."
)
COLOUR_SCALE = (
    "0 to 1 is the same on every visit, so that maps compare. Stretched spans the values shown "
    "now, one scale for all maps beside each other, and brings out small differences."
)
NORMALISATION = (
    "How each metric is brought to 0–1 within its prompt (popularity: among all models). Min-max "
    "is GEMRec's: the smallest value is 0, the largest 1. Rank: the share of the others that a "
    "picture exceeds. Z-score, squashed: the normal distribution function of the distance from "
    "the mean in standard deviations. The last two mind outliers less."
)
MODEL_RANKING = (
    "Models ranked by the mean GRE-Score of their shown pictures that have one. A first place is "
    "a prompt whose best picture is the model's."
)
TAU = (
    "Kendall's tau-b between the models' means under the profile in force and under the draft: "
    "1 is the same order, 0 unrelated, -1 reversed."
)
OVERLAP = (
    "Rank-biased overlap (Webber et al. 2010): how far two rankings agree, the first places "
    "counting most; the first ten carry 86 % of the weight. 1 is the same order."
)
AGREEMENT = (
    "The share of judged pairs of pictures of one prompt that the score orders as people did. "
    "The interval is a 95 % bootstrap over people, or over judgments where fewer than five judged."
)
CEILING = (
    "How often two different people order the same two pictures alike. People disagree with one "
    "another too, so no score can be expected to reach 100 %."
)
LEARNING = (
    "Bradley-Terry with the metrics' differences as covariates: logistic regression without "
    "intercept of who was preferred on the differences of q; a tie counts as half a win for each. "
    "Held-out agreement: five folds by prompt, each ordered by a fit to the other prompts."
)
SIGNS = (
    "Profiles take weights from 0 up. Any sign shows whether people dislike what a metric rewards."
)

SORT_HELP = f"{GRE_SCORE}\n\n{CLIP_SCORE}\n\n{DISTINCTIVENESS}\n\n{POPULARITY}"
METRIC_HELP = {"clip": CLIP_SCORE, "mcos": DISTINCTIVENESS, "pop": POPULARITY}
