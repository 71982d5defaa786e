"""What a session is before its first event: who, which mode, which pictures, by which rules."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from core.sessions.ratings import Ratings
from core.sessions.refusals import SessionError

Mode = Literal["sort", "battle"]
MODES: tuple[Mode, ...] = get_args(Mode)
Pairing = Literal["gre ascending", "information"]
BY_GRE, BY_INFORMATION = get_args(Pairing)
SORTED, CHECK = "gre descending", "check"  # how a batch, and an attention check, were chosen


@dataclass(frozen=True)
class Rules:
    """What a maintainer may set; kept with the session, so that later changes do not reach it."""

    batch_size: int = 4  # pictures of a batch
    reject_bin: bool = True
    pairing: Pairing = "gre ascending"  # of battles
    comparisons: int | None = None  # per prompt, by information; None or too few: n - 1
    exploration: float = 0.1  # share of pairs drawn at random, by information
    check_every: int = 0  # answers between two attention checks; 0 is none
    check_gap: int = 3  # fewest other pairs between a pair and its repetition

    def __post_init__(self) -> None:
        if self.batch_size < 2:
            raise SessionError(f"A batch needs two pictures; {self.batch_size} are too few.")
        if self.pairing not in get_args(Pairing):
            raise SessionError(f"Pairs are chosen by {' or '.join(get_args(Pairing))}.")
        if not 0 <= self.exploration <= 1:
            raise SessionError(f"The exploration share is {self.exploration}, not from 0 to 1.")
        if self.check_every < 0 or self.check_gap < 1:
            raise SessionError("A checked pair needs one other pair between, or more.")


@dataclass(frozen=True)
class Pool:
    """The candidates of one prompt, in the order of the mode (`candidates.candidate_pool`)."""

    prompt_id: int
    image_ids: tuple[str, ...]
    ratings: Ratings | None = None  # at the start, by information; None: nobody judged them

    def __post_init__(self) -> None:
        if len(self.image_ids) < 2:
            raise SessionError(
                f"Prompt {self.prompt_id} has fewer than two pictures, so nothing to rank."
            )
        if self.ratings and len(self.ratings.means) != len(self.image_ids):
            raise SessionError(f"Prompt {self.prompt_id} has ratings for other pictures.")


@dataclass(frozen=True)
class Session:
    """A session as it was started; together with its events it determines everything shown."""

    session_id: str
    person_id: str
    mode: Mode
    pools: tuple[Pool, ...]  # prompts one after another
    profile: str  # weight profile active at the start
    seed: int  # `chance.seed_of(session_id)` will do
    rules: Rules = Rules()
    campaign: str | None = None
    simulated: bool = False

    def __post_init__(self) -> None:
        if self.mode not in MODES:
            raise SessionError(f"There is no mode “{self.mode}”.")
        prompts = [pool.prompt_id for pool in self.pools]
        image_ids = [image_id for pool in self.pools for image_id in pool.image_ids]
        if not prompts:
            raise SessionError("A session needs a prompt with pictures to rank.")
        if len(set(prompts)) < len(prompts) or len(set(image_ids)) < len(image_ids):
            raise SessionError("A session has each prompt and each picture once.")


@dataclass(frozen=True)
class Screen:
    """What is shown at one moment."""

    prompt_id: int
    image_ids: tuple[str, ...]  # in their places: left and right, or a batch from the left
    pairing: str
    pairing_probability: float | None = None  # where chance chose the pictures
    repeats: int | None = None  # an attention check: the place of the answer it repeats


def session_row(session: Session) -> dict[str, Any]:
    """The columns of `sessions`, all but created_at; settings are JSON text."""
    settings = {
        "seed": session.seed,
        "rules": asdict(session.rules),
        "pool_sizes": [len(pool.image_ids) for pool in session.pools],
        "ratings": [pool.ratings and asdict(pool.ratings) for pool in session.pools],
    }
    return {
        "session_id": session.session_id,
        "person_id": session.person_id,
        "campaign": session.campaign,
        "mode": session.mode,
        "prompt_ids": [pool.prompt_id for pool in session.pools],
        "candidate_image_ids": [image for pool in session.pools for image in pool.image_ids],
        "profile": session.profile,
        "settings": json.dumps(settings),
        "simulated": session.simulated,
    }


def session_of_row(row: Mapping[str, Any]) -> Session:
    """The session of a row of `sessions`.

    Raises SessionError where its settings do not tell the rules, as of sessions made elsewhere
    (the starter world's simulated ones): those can be read, and not gone on with.
    """
    settings = json.loads(row["settings"] or "{}")
    try:
        pools, start = [], 0
        for prompt_id, size, ratings in zip(
            row["prompt_ids"], settings["pool_sizes"], settings["ratings"], strict=True
        ):
            image_ids = tuple(row["candidate_image_ids"][start : start + size])
            pools.append(Pool(prompt_id, image_ids, ratings and _ratings(ratings)))
            start += size
        if start != len(row["candidate_image_ids"]):
            raise ValueError(start)
        rules, seed = Rules(**settings["rules"]), settings["seed"]
    except (KeyError, TypeError, ValueError) as error:
        raise SessionError(
            f"Session {row['session_id']} does not tell its rules and cannot be gone on with."
        ) from error
    return Session(
        row["session_id"],
        row["person_id"],
        row["mode"],
        tuple(pools),
        row["profile"],
        seed,
        rules,
        row["campaign"],
        row["simulated"],
    )


def _ratings(stored: Mapping[str, Any]) -> Ratings:
    return Ratings(tuple(stored["means"]), tuple(map(tuple, stored["covariance"])))
