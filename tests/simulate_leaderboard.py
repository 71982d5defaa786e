"""Does the leaderboard find what simulated annotators like? `python -m tests.simulate_leaderboard`.

Recovery: Kendall's tau with the true order of models as votes come in, for the paper's order of
battles, for random pairs and for informative pairs. Coverage: how often the 95 % intervals hold the
value that infinitely many annotators would give, with annotators as clusters and without.
"""

import argparse
import json
from dataclasses import replace
from pathlib import Path

import altair as alt
import numpy as np
import polars as pl
from scipy.special import expit
from scipy.stats import kendalltau
from tqdm import tqdm

from core.leaderboards.comparisons import Collector, Comparisons
from core.leaderboards.strengths import fitted_strengths
from core.ratings.bradley_terry import fitted_ratings
from core.sessions.candidates import Candidate, candidate_pool
from core.sessions.chance import seed_of
from core.sessions.events import Vote, step_key
from core.sessions.replay import apply, start
from core.sessions.session import BY_GRE, BY_INFORMATION, Pool, Rules, Session

MODELS, PROMPTS, ANNOTATORS, POOL = 16, 24, 20, 8
SPREAD = 1.5  # the best and the worst model, in log odds from the mean
PICTURE_NOISE, TASTE_NOISE = 0.3, 0.5  # standard deviations in log odds
GRE_SHARE = 0.5  # correlation of the GRE-Score with what pictures are worth
MOMENTS = (50, 100, 200, 400, 800, 1600)
RANDOM, ANY = "random", "any"
ORDERS = {
    BY_GRE: "the paper's order",
    RANDOM: "random pairs",
    BY_INFORMATION: "informative pairs",
    ANY: "random pairs of all pictures",
}


class World:
    """Pictures and what they are worth, annotators' tastes, a GRE-Score that half knows."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        self.worth = self.random.permutation(np.linspace(-SPREAD, SPREAD, MODELS))
        pictures = (PROMPTS, MODELS)
        self.quality = self.worth + PICTURE_NOISE * self.random.normal(size=pictures)
        scale = self.quality.std() * np.sqrt(1 / GRE_SHARE**2 - 1)
        self.gre = self.quality + scale * self.random.normal(size=pictures)
        self.tastes = TASTE_NOISE * self.random.normal(size=(ANNOTATORS, MODELS))

    def prefers(self, annotator: int, prompt: int, left: int, right: int) -> bool:
        """Whether the annotator says that the left model's picture is better."""
        worth = self.quality[prompt] + self.tastes[annotator]
        return bool(self.random.random() < expit(worth[left] - worth[right]))


def votes_in_order(world: World, order: str, count: int):
    """`count` votes: annotator, winner, loser."""
    wins = np.zeros((PROMPTS, MODELS, MODELS))
    made = 0
    while True:
        annotator, prompt = made % ANNOTATORS, int(world.random.integers(PROMPTS))
        for left, right in pairs_of_session(world, order, annotator, prompt, wins[prompt], made):
            won = world.prefers(annotator, prompt, left, right)
            winner, loser = (left, right) if won else (right, left)
            wins[prompt, winner, loser] += 1
            yield annotator, winner, loser
            count -= 1
            if not count:
                return
        made += 1


def pairs_of_session(world, order, annotator, prompt, wins, number):
    """The pairs that one session on one prompt shows; what was voted is read back from `wins`."""
    candidates = [Candidate(str(m), float(world.gre[prompt, m])) for m in range(MODELS)]
    pool = candidate_pool(candidates, "battle", fewest=POOL)
    places = [int(image_id) for image_id in pool]
    if order in (RANDOM, ANY):
        among = places if order == RANDOM else range(MODELS)
        for _ in range(POOL - 1):
            yield tuple(int(m) for m in world.random.choice(among, 2, replace=False))
        return
    ratings = fitted_ratings(wins[np.ix_(places, places)]) if order == BY_INFORMATION else None
    rules = Rules(pairing=order, comparisons=POOL - 1)
    name = f"{annotator} {number}"
    state = start(
        Session(name, "s", "battle", (Pool(prompt, pool, ratings),), "", seed_of(name), rules)
    )
    while state.screen:
        shown = state.screen.image_ids
        left, right = int(shown[0]), int(shown[1])
        before = wins[left, right]
        yield left, right
        outcome = "left" if wins[left, right] > before else "right"
        key = step_key(name, state.step)
        state = apply(
            state,
            Vote(step=state.step, idempotency_key=key, shown_image_ids=shown, outcome=outcome),
        )


def recovery(runs: int) -> pl.DataFrame:
    """Kendall's tau with the true order, for each order of pairs, run and number of votes."""
    rows = []
    for order, name in ORDERS.items():
        for run in tqdm(range(runs), desc=name):
            world, collector = World(run), Collector()
            told = votes_in_order(world, order, MOMENTS[-1])
            for number, (annotator, winner, loser) in enumerate(told, start=1):
                collector.add_vote(winner, loser, 1.0, annotator)
                if number in MOMENTS:
                    rows.append((name, run, number, tau(world, collector.comparisons())))
    schema = {"order": pl.String, "run": pl.Int64, "votes": pl.Int64, "tau": pl.Float64}
    return pl.DataFrame(rows, schema, orient="row")


def tau(world: World, comparisons: Comparisons) -> float:
    """With models that were never judged in the middle."""
    found = np.zeros(MODELS)
    found[list(comparisons.models)] = fitted_strengths(comparisons).values
    return float(kendalltau(found, world.worth).statistic)


def told_by(random, size: int, judgments: int, people: int, apart: float, sorted_share: float):
    """Votes and sorted batches of four by people whose tastes are `apart`."""
    worth = np.linspace(-1.2, 1.2, size)
    tastes = worth + apart * random.normal(size=(people, size))
    collector = Collector()
    for _ in range(judgments):
        judge = int(random.integers(people))
        noisy = tastes[judge] + random.gumbel(size=size)
        if random.random() < sorted_share:
            shown = random.choice(size, 4, replace=False)
            collector.add_order([int(m) for m in shown[np.argsort(-noisy[shown])]], judge=judge)
        else:
            shown = random.choice(size, 2, replace=False)
            better, worse = shown[np.argsort(-noisy[shown])]
            collector.add_vote(int(better), int(worse), 1.0, judge)
    return collector.comparisons()


CASES = {
    # name: judgments, people, how far tastes are apart, share of sorted batches
    "votes, all alike": (1000, 20, 0.0, 0.0),
    "votes, tastes differ": (1000, 20, 0.7, 0.0),
    "few people, tastes differ": (1000, 10, 0.7, 0.0),
    "sorted batches, tastes differ": (400, 20, 0.7, 1.0),
    "half and half, tastes differ": (600, 20, 0.7, 0.5),
}


def coverage(runs: int, size: int = 10) -> pl.DataFrame:
    """Share of intervals that hold the value of infinitely many annotators."""
    rows = []
    for name, (judgments, people, apart, sorted_share) in CASES.items():
        many = told_by(np.random.default_rng(1), size, 60_000, 60_000, apart, sorted_share)
        truth = values_by_model(replace(many, judge_ids=("all",), **_nobody(many)))
        held, plain, differences = [], [], []
        for run in tqdm(range(runs), desc=name):
            random = np.random.default_rng(run + 2)
            comparisons = told_by(random, size, judgments, people, apart, sorted_share)
            found = fitted_strengths(comparisons)
            off = found.values - truth[list(comparisons.models)]
            held.append(np.abs(off) <= found.half_widths())
            plain.append(np.abs(off) <= replace(found, clustered=None).half_widths())
            apart_off = np.abs(np.subtract.outer(off, off)) <= found.gaps()
            differences.append(apart_off[np.triu_indices(size, 1)])
        rows.append(
            (name, float(np.mean(held)), float(np.mean(differences)), float(np.mean(plain)))
        )
    schema = ("case", "ratings", "differences", "ratings, votes as independent")
    return pl.DataFrame(rows, list(schema), orient="row")


def values_by_model(comparisons: Comparisons) -> np.ndarray:
    """(m,) strengths in the order of the models' numbers."""
    values = np.empty(len(comparisons.models))
    values[list(comparisons.models)] = fitted_strengths(comparisons).values
    return values


def _nobody(comparisons: Comparisons) -> dict[str, np.ndarray]:
    return {
        "judges": np.zeros_like(comparisons.judges),
        "choice_judges": np.zeros_like(comparisons.choice_judges),
    }


def plot(rows: pl.DataFrame, path: Path) -> None:
    """Tau over votes, a line and its quartiles for each order."""
    told = rows.group_by("order", "votes").agg(
        pl.col("tau").mean(),
        pl.col("tau").quantile(0.25).alias("lower"),
        pl.col("tau").quantile(0.75).alias("upper"),
    )
    axis = alt.Axis(values=list(MOMENTS))
    scale = alt.Scale(type="log", domain=[MOMENTS[0], MOMENTS[-1]], nice=False)
    base = alt.Chart(told).encode(
        x=alt.X("votes:Q", title="votes", scale=scale, axis=axis),
        color=alt.Color("order:N", title=None, legend=alt.Legend(orient="top")),
    )
    between = alt.Y("lower:Q", title="Kendall's tau with the true order")
    band = base.mark_area(opacity=0.18).encode(y=between, y2="upper:Q")
    line = base.mark_line(point=True).encode(y="tau:Q")
    (band + line).properties(width=560, height=300).save(path, scale_factor=1.5)


def main() -> None:
    """Run both and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=40, help="worlds for the recovery")
    parser.add_argument("--coverage-runs", type=int, default=300, help="repetitions for coverage")
    parser.add_argument("--plot", type=Path, help="file for the plot, .png or .svg")
    options = parser.parse_args()
    rows = recovery(options.runs)
    if options.plot:
        plot(rows, options.plot)
    means = rows.group_by("order", "votes").agg(pl.col("tau").mean()).sort("order", "votes")
    for order, votes, value in means.iter_rows():
        print(json.dumps({"order": order, "votes": votes, "tau": round(value, 3)}))
    for row in coverage(options.coverage_runs).iter_rows(named=True):
        print(json.dumps(row))


if __name__ == "__main__":
    main()
