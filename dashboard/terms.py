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

RANKING_MODES = (
    "Drag and sort: pictures come in small batches, the best by GRE-Score first, and are dragged "
    "into order. Battle: two pictures at a time; the loser makes room for the next, in rising "
    "order of GRE-Score. GEMRec draws one of them for each person, who keeps it, so that the two "
    "can be compared."
)
PAIRING = (
    "As in the paper: the loser of a pair is replaced by the next picture. Most informative pair: "
    "each pair is the one whose answer tells most about the ratings so far (expected information "
    "gain under Bradley-Terry)."
)
TOP_THREE = (
    "The probability that the three models rated best are the three best, in whatever order: the "
    "share of 4,000 draws from the ratings' uncertainty (Bradley-Terry, normal approximation) in "
    "which they come out on top. From the level on that is set, nobody is asked any more."
)
ATTENTION = (
    "Now and then in a battle an earlier pair comes again with its sides swapped. Passed is who "
    "prefers the same picture again; a tie or a skip is unclear. Checks count for nothing else."
)
PERSONAL_CHANCE = (
    "How often a model's picture would be preferred to that of an average model, by the ratings of "
    "Bradley-Terry: 50 % is average. They start where everybody else's judgments put the model and "
    "move with each judgment of this person, so that there is an answer from the first vote on. "
    "The interval holds the true chance in about 95 of 100 cases."
)
AMONG_TOP = (
    "How probable it is that a model is one of the best three of those ranked here, over 4,000 "
    "draws from the ratings and their uncertainty. The top three are settled from 90 % on."
)
WITH_GRE = (
    "Of the pairs of pictures that this person decided, the share whose preferred picture has the "
    "higher GRE-Score. In a session one's own picks meet the best unpicked by GRE-Score, so it "
    "lies lower than over pairs drawn at random. The interval is Wilson's, with a judgment as one "
    "trial."
)
WITH_OTHERS = (
    "Of the pairs of pictures that other people decided too, the share that this person orders as "
    "most of them do. Each person counts once for a pair. The interval is Wilson's, with a "
    "judgment as one trial."
)
BRADLEY_TERRY = (
    "Bradley-Terry: every model has a strength, and one is preferred to another with probability "
    "1 / (1 + exp(difference)). Votes and sorted batches are fitted at once; a tie is half a win "
    "for each, a sorted batch one observation of Plackett-Luce. Arena's scale: 1,000 is the "
    "average, 400 points are odds of ten to one. Intervals take annotators as clusters, since one "
    "person's judgments go together."
)
PLACKETT_LUCE = (
    "Plackett-Luce: the best is chosen among all, the next among the rest, and so on. For two "
    "pictures it is Bradley-Terry. It knows no ties, so votes that were ties are left out."
)
ELO = (
    "Elo: ratings move after each comparison by K times the surprise (start 1,000, K = 4), in the "
    "order in which people judged. Late judgments count more than early ones. Intervals resample "
    "people, or judgments where few people judged."
)
WIN_RATE = (
    "Win rate: (wins + ties / 2) / comparisons against each opponent met, then the mean over these "
    "opponents. Who met weak opponents alone looks strong: compare with Bradley-Terry."
)
RANK_SPREAD = (
    "Rank: 1 plus the number of models that are significantly better (95 %). Where two numbers "
    "stand, the model may have any place between: up to the number of models that are not "
    "significantly worse."
)
PROVISIONAL_RATING = (
    "Provisional: the model took part in fewer than 30 judgments. Its rating may still move far."
)
RATED_BY = (
    "Bradley-Terry uses all that people said and is what the project relies on. Elo, win rate and "
    "Plackett-Luce alone stand beside it for comparison."
)
SETTLING = (
    "The judgments in the order in which they were given, cut at evenly spread moments; the board "
    "is fitted anew to all judgments before each. Tau is Kendall's tau-b with the order by all "
    "judgments: 1 the same, 0 unrelated, -1 reversed."
)
FRAGILITY = (
    "The fewest judgments found whose removal puts another model first (after Broderick, Giordano "
    "and Meager 2020): judgments are ordered by how much each holds the first model above one of "
    "the next five, taken away in that order until a new fit changes the first place, and halving "
    "looks for fewer. It is an upper bound of the fewest."
)
SIDE_BIAS = (
    "Of the votes for left or right, the share for left. Sides are drawn at random, so half is "
    "what no bias looks like. The interval is Wilson's."
)
PLACE_BIAS = (
    "How often the picture that stood first when a batch was shown was also sorted first. Far "
    "above chance it may be habit: who submits a batch as it came says little."
)
ALPHA = (
    "Krippendorff's alpha over pairs of pictures that several people compared: 1 all agree, 0 as "
    "by chance, below 0 they contradict each other. A tie lies halfway between the preferences. "
    "Tastes differ, so well below 1 is no fault. The interval is Krippendorff's bootstrap."
)
RELIABILITY = (
    "Of the comparisons that a person decided, the share whose preferred model is rated higher by "
    "Bradley-Terry fitted to everybody else's judgments. The interval is Wilson's, with a judgment "
    "as one trial."
)
WHICH_MODEL = (
    "Models are rated for your prompt by what people preferred on prompts like it (the nearest by "
    "text features), starting from their rating by all other votes and from their GRE-Score there. "
    "A tag asks about all its prompts."
)
NEAR_PROMPTS = (
    "Nearness says how much a vote on that prompt counts here: 1 as much as one on your own, 0 not "
    "at all. What is left over counts for the rating that all prompts share."
)
PROMPT_TOKENS = (
    "A model reads a prompt as tokens (words and parts of words), and only so many of them. What "
    "lies behind the limit has no influence on the picture."
)
CFG_SCALE = (
    "Classifier-free guidance: how strongly the picture follows the prompt rather than the "
    "negative one. 1 is none; high values burn out colours."
)
GUIDANCE_RESCALE = (
    "Guidance rescale (Lin et al. 2023, phi): draws the contrast that guidance adds back to what "
    "it was without. 0 is none."
)
CLIP_SKIP = (
    "Which layer of the text encoder is taken, counted from the last: 1 is the last one, 2 the "
    "one before, as some models were trained with."
)
SEED = (
    "The number that the starting noise is drawn from: the same seed with the same settings gives "
    "the same picture. 0 to 18446744073709551615."
)
EXTRA_LORAS = (
    "A LoRA is a small file that changes a model. Models with LoRAs laid over them count as models "
    "of their own: votes on their pictures are none on the plain model."
)
GENERATED_GRID = (
    "Models × seeds: every model makes a picture of every seed. X/Y grid: any two parameters vary, "
    "one by row and one by column, and all else is the same."
)

SORT_HELP = f"{GRE_SCORE}\n\n{CLIP_SCORE}\n\n{DISTINCTIVENESS}\n\n{POPULARITY}"
METRIC_HELP = {"clip": CLIP_SCORE, "mcos": DISTINCTIVENESS, "pop": POPULARITY}
SUMMARY_HELP = f"{PERSONAL_CHANCE}\n\n{AMONG_TOP}"
