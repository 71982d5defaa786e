"""Simulated people: tastes that are written down, and the sessions that they would have had."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log
from random import Random
from typing import Literal

PICKS, CANDIDATES, BATCH_SIZE = 4, 8, 4
OWN_PROMPTS, PANEL_PROMPTS = 3, 4  # of each person: of their own choice, and the same for all
TIE_MARGIN = 0.15  # utilities that lie closer are a tie
REJECT_BELOW = -0.4
SEED = 41


@dataclass(frozen=True)
class Annotator:
    """One simulated person; a liking is added to the utility of models that carry the tag."""

    person_id: str
    name: str
    likings: dict[str, float]
    accuracy_weight: float  # utility of a picture that follows its prompt best of all
    noise: float  # scale of the Gumbel noise on each look at a picture


@dataclass(frozen=True)
class Candidate:
    """One picture of a prompt, as the simulation sees it."""

    image_id: str
    model_version_id: int
    tags: tuple[str, ...]  # of the model
    q_clip: float  # 0 to 1
    gre: float


@dataclass(frozen=True)
class Judgment:
    """One vote or one sorted batch; field names are the columns of `judgments`."""

    prompt_id: int
    kind: str  # vote or order
    shown_image_ids: tuple[str, ...]
    outcome: str | None
    ranked_image_ids: tuple[str, ...]
    rejected_image_ids: tuple[str, ...]
    response_time_ms: int


@dataclass(frozen=True)
class Session:
    """What one simulated person picked and judged, in order."""

    kind: Literal["own", "panel"]
    person_id: str
    mode: str  # sort or battle
    prompt_ids: tuple[int, ...]
    picks: tuple[tuple[int, Candidate], ...]  # prompt, picture
    candidate_image_ids: tuple[str, ...]
    judgments: tuple[Judgment, ...]


ANNOTATORS: tuple[Annotator, ...] = tuple(
    Annotator(f"starter-annotator-{number}", name, likings, accuracy_weight, noise)
    for number, (name, likings, accuracy_weight, noise) in enumerate(
        (
            (
                "Line lover",
                {"ink": 1.4, "crosshatch": 1.2, "blueprint": 0.9, "neon": -0.5},
                1.6,
                0.3,
            ),
            ("Painter", {"watercolour": 1.4, "oil": 1.1, "pastel": 0.7, "pixel": -0.6}, 1.5, 0.3),
            ("Gamer", {"pixel": 1.4, "neon": 1.2, "vivid": 0.7, "sepia": -0.7}, 1.4, 0.4),
            ("Quiet one", {"pastel": 1.1, "grey": 0.9, "moonlight": 0.8, "vivid": -0.8}, 1.5, 0.3),
            ("Colourist", {"vivid": 1.2, "candy": 1.0, "glass": 0.8, "grey": -0.9}, 1.5, 0.4),
            ("Cat person", {"cat": 1.6, "heart": 0.6, "star": 0.5}, 1.5, 0.4),
            ("Purist", {"flat": 1.2, "merge": -0.4, "interpolation": -0.4}, 2.6, 0.2),
            ("Printer", {"riso": 1.3, "halftone": 1.1, "sepia": 0.6, "oil": -0.4}, 1.5, 0.3),
            ("Stargazer", {"ocean": 1.0, "moonlight": 1.0, "neon": 0.6, "star": 0.8}, 1.5, 0.4),
            ("Undecided", {"autumn": 0.3, "chalk": 0.3}, 1.8, 0.9),
        ),
        start=1,
    )
)


def simulate(prompts: Mapping[int, Sequence[Candidate]], seed: int = SEED) -> tuple[Session, ...]:
    """Two sessions of each annotator, in a mode drawn for each; the same seed gives the same ones.

    The first is GEMRec's: a person picks what pleases, and the pool is filled up with the best
    unpicked by GRE-Score. Such a pool makes likings and GRE-Scores look opposed, since a picture
    is in it for the one or for the other; so the second is a panel's, as a campaign asks it: for
    all the same prompts, and the same pictures of models drawn evenly.
    """
    rng = Random(seed)
    panel_prompts = sorted(rng.sample(sorted(prompts), min(PANEL_PROMPTS, len(prompts))))
    panel = {prompt_id: _drawn(prompts[prompt_id], rng) for prompt_id in panel_prompts}
    sessions: list[Session] = []
    for annotator in ANNOTATORS:
        mode = rng.choice(("sort", "battle"))
        chosen = sorted(rng.sample(sorted(prompts), min(OWN_PROMPTS, len(prompts))))
        picks = {prompt_id: _picked(annotator, prompts[prompt_id], rng) for prompt_id in chosen}
        own = {
            prompt_id: picked + _best_by_gre(prompts[prompt_id], picked, CANDIDATES - len(picked))
            for prompt_id, picked in picks.items()
        }
        sessions.append(_session("own", annotator, mode, own, picks, rng))
        sessions.append(_session("panel", annotator, mode, panel, {}, rng))
    return tuple(sessions)


def _drawn(candidates: Sequence[Candidate], rng: Random) -> list[Candidate]:
    """Pictures of different models, drawn evenly."""
    by_model = {candidate.model_version_id: candidate for candidate in reversed(candidates)}
    models = rng.sample(sorted(by_model), min(CANDIDATES, len(by_model)))
    return [by_model[model] for model in models]


def _picked(annotator: Annotator, candidates: Sequence[Candidate], rng: Random) -> list[Candidate]:
    return [candidate for _, candidate in _by_look(annotator, candidates, rng)[:PICKS]]


def _best_by_gre(
    candidates: Sequence[Candidate], picked: Sequence[Candidate], count: int
) -> list[Candidate]:
    unpicked = [candidate for candidate in candidates if candidate not in picked]
    return sorted(unpicked, key=lambda candidate: (-candidate.gre, candidate.image_id))[:count]


def utility(annotator: Annotator, candidate: Candidate) -> float:
    """What the person thinks of the picture, before noise; a blend shares its parts' likings."""
    parts = max(1, sum(tag in ("style", "palette", "subject") for tag in candidate.tags))
    liking = sum(annotator.likings.get(tag, 0.0) for tag in candidate.tags)
    return liking / parts + annotator.accuracy_weight * candidate.q_clip


def _session(
    kind: Literal["own", "panel"],
    annotator: Annotator,
    mode: str,
    pools: Mapping[int, Sequence[Candidate]],
    picks: Mapping[int, Sequence[Candidate]],
    rng: Random,
) -> Session:
    judge = _sort if mode == "sort" else _battle
    pool_ids: list[str] = []
    judgments: list[Judgment] = []
    for prompt_id, candidates in pools.items():
        pool = sorted(candidates, key=lambda candidate: (candidate.gre, candidate.image_id))
        pool_ids += [candidate.image_id for candidate in pool]
        judgments += judge(annotator, prompt_id, pool, rng)
    return Session(
        kind,
        annotator.person_id,
        mode,
        tuple(pools),
        tuple((prompt_id, candidate) for prompt_id, found in picks.items() for candidate in found),
        tuple(pool_ids),
        tuple(judgments),
    )


def _battle(
    annotator: Annotator, prompt_id: int, pool: Sequence[Candidate], rng: Random
) -> Iterable[Judgment]:
    """The loser is replaced by the next in rising order of GRE; a tie sends off the older one."""
    standing, *waiting = pool
    for challenger in waiting:
        left, right = (standing, challenger) if rng.random() < 0.5 else (challenger, standing)
        difference = _look(annotator, left, rng) - _look(annotator, right, rng)
        if abs(difference) < TIE_MARGIN:
            outcome, standing = "tie", challenger
        else:
            outcome, standing = ("left", left) if difference > 0 else ("right", right)
        shown = (left.image_id, right.image_id)
        yield Judgment(prompt_id, "vote", shown, outcome, (), (), _response_ms(rng, 2))


def _sort(
    annotator: Annotator, prompt_id: int, pool: Sequence[Candidate], rng: Random
) -> Iterable[Judgment]:
    """Batches of four in falling order of GRE; what displeases goes to the bin."""
    falling = list(reversed(pool))
    for start in range(0, len(falling), BATCH_SIZE):
        batch = falling[start : start + BATCH_SIZE]
        looks = _by_look(annotator, batch, rng)
        ranked = tuple(c.image_id for value, c in looks if value >= REJECT_BELOW)
        rejected = tuple(c.image_id for value, c in looks if value < REJECT_BELOW)
        shown = tuple(candidate.image_id for candidate in batch)
        yield Judgment(
            prompt_id, "order", shown, None, ranked, rejected, _response_ms(rng, len(batch))
        )


def _by_look(
    annotator: Annotator, candidates: Iterable[Candidate], rng: Random
) -> list[tuple[float, Candidate]]:
    """Noisy utilities, best first."""
    looks = [(_look(annotator, candidate, rng), candidate) for candidate in candidates]
    return sorted(looks, key=lambda look: (-look[0], look[1].image_id))


def _look(annotator: Annotator, candidate: Candidate, rng: Random) -> float:
    gumbel = -log(-log(rng.uniform(1e-12, 1 - 1e-12)))
    return utility(annotator, candidate) + annotator.noise * gumbel


def _response_ms(rng: Random, pictures: int) -> int:
    return round(900 * pictures * rng.lognormvariate(0, 0.35))
