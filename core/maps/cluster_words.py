"""Clusters on a map, and the words that tell each from the rest."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.maps.tsne import Points

Ints = npt.NDArray[np.int64]
NO_CLUSTER = -1
FEWEST = 5  # pictures of a cluster
WORDS = 3  # most words of a label
SURE = 1.96  # z-score that a word must pass
EDGE = 0.98  # quantile of the heights of a cluster's pictures


@dataclass(frozen=True)
class Documents:
    """Texts that pictures share: each picture has one document of this kind."""

    words: Sequence[frozenset[str]]  # by document
    of_picture: Ints  # (n,) document of each picture


@dataclass(frozen=True)
class ClusterLabel:
    """What distinguishes one cluster, and where it lies."""

    cluster: int
    pictures: int
    x: float  # the middle of its pictures
    y: float  # their upper edge, where a label hides none of them
    words: tuple[str, ...]  # most telling first; empty where none is sure


def clusters(points: Points) -> Ints:
    """Cluster of each place (n, 2), numbered from 0, largest first; NO_CLUSTER for scattered ones.

    HDBSCAN over the map: clusters are what a person sees as islands, whatever their number.
    """
    if len(points) < 2 * FEWEST:
        return np.full(len(points), NO_CLUSTER, dtype=np.int64)
    from sklearn.cluster import HDBSCAN

    smallest = max(FEWEST, len(points) // 150)
    found = HDBSCAN(min_cluster_size=smallest, min_samples=FEWEST, copy=True).fit_predict(points)
    found = np.asarray(found, dtype=np.int64)
    sizes = np.bincount(found[found >= 0])
    number = np.empty(len(sizes), dtype=np.int64)
    number[np.lexsort((np.arange(len(sizes)), -sizes))] = np.arange(len(sizes))
    return np.where(found >= 0, number[found], NO_CLUSTER) if len(sizes) else found


def joined(points: Points, cluster: Ints, new_points: Points) -> Ints:
    """Cluster of places that came later: that of the nearest old place."""
    result = np.empty(len(new_points), dtype=np.int64)
    for row, place in enumerate(new_points):
        result[row] = cluster[((points - place) ** 2).sum(axis=1).argmin()]
    return result


def label_clusters(
    points: Points, cluster: Ints, documents: Sequence[Documents]
) -> list[ClusterLabel]:
    """A label of each cluster, from the documents of its pictures.

    Words are ranked by the z-score of their log-odds in the cluster against the rest, with the
    whole map's words as prior, as many as an average cluster has (Monroe et al. 2008, "Fightin'
    Words", Eq. 16 to 22): it favours neither rare nor common words.
    """
    count = int(cluster.max(initial=NO_CLUSTER)) + 1
    telling: list[dict[str, float]] = [{} for _ in range(count)]
    for kind in documents:
        vocabulary, scores = _log_odds(cluster, count, kind)
        for number in range(count):
            for place in np.flatnonzero(scores[number] > SURE):
                word, score = vocabulary[place], float(scores[number, place])
                telling[number][word] = max(score, telling[number].get(word, 0.0))
    labels = []
    for number in range(count):
        members = points[cluster == number]
        if len(members) == 0:
            continue
        x, y = np.median(members[:, 0]), np.quantile(members[:, 1], EDGE)
        words = sorted(telling[number], key=lambda word: (-telling[number][word], word))
        labels.append(ClusterLabel(number, len(members), float(x), float(y), tuple(words[:WORDS])))
    return labels


def _log_odds(
    cluster: Ints, count: int, documents: Documents
) -> tuple[list[str], npt.NDArray[np.float64]]:
    """Words of the documents, and their z-scores (count, n_words) in each cluster."""
    vocabulary = sorted(set().union(*documents.words))
    column = {word: place for place, word in enumerate(vocabulary)}
    has = np.zeros((len(documents.words), len(vocabulary)))
    for row, words in enumerate(documents.words):
        has[row, [column[word] for word in words]] = 1
    pictures = np.zeros((count + 1, len(documents.words)))  # the last row: scattered pictures
    np.add.at(pictures, (cluster, documents.of_picture), 1)
    seen = pictures @ has
    everywhere = seen.sum(axis=0)
    total = everywhere.sum()
    if not count or not total:
        return vocabulary, np.zeros((count, len(vocabulary)))
    prior = everywhere / count
    here, others = seen[:count] + prior, everywhere - seen[:count] + prior
    here_all, others_all = here.sum(axis=1, keepdims=True), others.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):  # a word that alone makes a side
        odds = np.log(here / (here_all - here)) - np.log(others / (others_all - others))
        scores = odds / np.sqrt(1 / here + 1 / others)
    return vocabulary, np.where(np.isfinite(scores), scores, 0.0)
